"""
What `mkdocs build` needs beside docs/: pages that lie elsewhere, and links that lead to them.

README is the first page; the changelog, the codebook of the record and the bundled questions are
pages too, and the list of decisions is made from their headings. Nothing is written below docs/:
the same Markdown is read in the repository and on the site.
"""

import re
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
CORE = "src/allohistory/record/core"
BUNDLED = "src/allohistory/question/bundled"
# Where a file of the repository stands on the site.
PAGES = {
    "README.md": "index.md",
    "CHANGELOG.md": "changes.md",
    f"{CORE}/README.md": "record.md",
}
STATIC = {
    "LICENSE": "files/LICENSE.txt",
    "CITATION.cff": "files/CITATION.cff",
    f"{CORE}/sources.csv": "files/sources.csv",
}
LINK = re.compile(r"(\]\()([^)#\s:]+)((?:#[\w-]+)?\))")
FENCED = re.compile(r"(^```.*?^```)", re.MULTILINE | re.DOTALL)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages and files that lie outside docs/."""
    for place, name in {**PAGES, **STATIC}.items():
        files.append(File.generated(config, name, content=(ROOT / place).read_text("utf-8")))
    files.append(File.generated(config, "questions.md", content=_questions()))
    files.append(File.generated(config, "decisions.md", content=_decisions()))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 - as mkdocs calls it
    """Turn links to files of the repository into links to pages of the site."""
    here = page.file.src_uri
    home = next((place for place, name in PAGES.items() if name == here), f"docs/{here}")

    def turned(link: re.Match[str]) -> str:
        target = _on_site(normpath(f"{PurePosixPath(home).parent}/{link[2]}"), link[2])
        return f"{link[1]}{relpath(target, str(PurePosixPath(here).parent))}{link[3]}"

    parts = FENCED.split(markdown)
    return "".join(p if p.startswith("```") else LINK.sub(turned, p) for p in parts)


def _on_site(place: str, written: str) -> str:
    """Page or file of the site for a place in the repository."""
    if place.startswith(f"{BUNDLED}/"):
        return "questions.md"
    found = {**PAGES, **STATIC, "docs/decisions": "decisions.md"}.get(place)
    found = found or place.removeprefix("docs/")
    if found == place:
        raise FileNotFoundError(f"a page links to {written}, which is not on the site")
    return found


def _questions() -> str:
    """Make a page of the files that come with the package."""
    out = ["# Bundled questions\n\nAs they lie in the package; each can be copied and changed."]
    out += [
        f"## {path.stem}\n\n```toml\n{path.read_text('utf-8').rstrip()}\n```"
        for path in sorted((ROOT / BUNDLED).glob("*.toml"))
    ]
    return "\n\n".join(out) + "\n"


def _decisions() -> str:
    """Make a list of the decisions, by their headings."""
    out = ["# Decisions\n\nWhy it is as it is, the oldest first.\n"]
    for path in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        heading = path.read_text("utf-8").splitlines()[0].removeprefix("# ")
        number, _, title = heading.partition(". ")
        out.append(f"{int(number)}. [{title}](decisions/{path.name})")
    return "\n".join(out) + "\n"
