"""A replay in plain text."""

from typing import Any

SHOWN = 12


def text(result: dict[str, Any]) -> str:
    """What a replay found, in a few lines."""
    first, last = result["first"], result["last"]
    lines = []
    if "plan" not in result:
        lines.append(
            f"{first}-{last} replayed {result['runs']} times without an intervention "
            f"({result['draws']} parameter draws, {result['seeds']} seeds)."
        )
    else:
        lines.append(
            f'{first}-{last} replayed with "{result["plan"]}" at kappa {float(result["kappa"]):g}.'
        )
    lines.append(
        f"{result['cells_changed']:,} of {result['cells_compared']:,} cells differ from history."
    )
    if result["first_change"] is not None:
        lines.append(f"The first differs in {result['first_change']}.")
    if result.get("by_kind"):
        lines.append(
            "Choices that came out otherwise: "
            + ", ".join(f"{kind} {n}" for kind, n in result["by_kind"].items())
            + "."
        )
    for cause in result["causes"][:SHOWN]:
        chain = " <- ".join(
            f"{step['what']} {step['year']} "
            f"({step.get('unit') or ', '.join(step['states'])}; {step['because']})"
            for step in cause["path"]
        )
        lines.append(f"  {chain}")
    return "\n".join(lines) + "\n"
