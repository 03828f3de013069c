"""Pages and files a release is read in: what they say, what they must never do, and that they repeat to the byte."""
