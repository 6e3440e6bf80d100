"""Every quality rule by its code, whatever it speaks of."""

from tray_app.core.quality import VALUE_RULES
from tray_app.datasets.krx.rules.quality.catalogue import RULES


def rule_text(code: str) -> str:
    """Return what an issue of a code means, or nothing for a code of another version."""
    rule = RULES.get(code) or VALUE_RULES.get(code)
    return rule.text if rule is not None else ""
