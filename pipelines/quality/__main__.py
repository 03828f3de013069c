"""``python -m pipelines.quality``: make the row-by-row suites anew from the rules in schemas/expectations/rules/."""

from pipelines.quality import write_file_suites

if __name__ == "__main__":
    write_file_suites()
