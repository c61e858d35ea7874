"""The setting process: one job as JSON on standard input, the PDF on standard output, nothing kept afterwards.

Run by path and alone (`python -I typesetter.py`), so it knows nothing of the product. A process of its own because
typst keeps what it has set, about 200 KB for each row, and gives it back only when its process ends; and because a form
is the county's own program, which may need more time or memory than a server has.
"""

import json
import resource
import sys

import typst

MEMORY = 4 * 1024**3
FORM_IS_WRONG = 3


def main() -> int:
    """Set one paper. Status 3, with the reason on standard error, when the form or its data are wrong."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    job = json.load(sys.stdin.buffer)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=job["folders"])
    try:
        made = typst.compile(
            job["form"],
            root=job["root"],
            font_paths=fonts,
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=job["standard"],
            pdf_tags=False,
            sys_inputs=job["inputs"],
        )
    except typst.TypstError as error:
        sys.stderr.write(error.diagnostic or error.message or str(error))
        return FORM_IS_WRONG
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
