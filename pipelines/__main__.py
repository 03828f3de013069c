"""``python -m pipelines`` is ``greenledger``."""

from pipelines.cli import main

if __name__ == "__main__":
    main()
