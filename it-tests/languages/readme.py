"""Checks that the README shows the programs of this directory, and what they print, exactly as they are.

A shown file stands in the README as a comment with its path and a fenced block behind it:

    <!-- it-tests/languages/python/config.py -->
    ```python
    ...
    ```

Every .py and .mjs program and every .out file in python/ and node/ must be shown.
Usage: readme.py README.md           exit code 1 and a line for each difference
       readme.py README.md --write   puts the files' content into the blocks
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"(<!-- (it-tests/languages/\S+) -->\n```\w*\n)(.*?)(^```$)", re.MULTILINE | re.DOTALL)


def main(readme, write):
    text = readme.read_text(encoding="utf-8")
    shown, problems = set(), []

    def block(match):
        name = match[2]
        shown.add(name)
        content = (ROOT / name).read_text(encoding="utf-8")
        if content != match[3] and not write:
            problems.append(f"the README's block differs from {name}: run python3 it-tests/languages/readme.py README.md --write")
        return match[1] + content + match[4]

    text = BLOCK.sub(block, text)
    files = [file for folder in ("python", "node") for file in (ROOT / "it-tests/languages" / folder).iterdir()]
    for file in sorted(files):
        name = file.relative_to(ROOT).as_posix()
        if file.suffix in (".py", ".mjs", ".out") and name not in shown:
            problems.append(f"the README does not show {name}")
    if write:
        readme.write_text(text, encoding="utf-8")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), "--write" in sys.argv[2:]))
