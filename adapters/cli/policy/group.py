"""policy: which commands it has, and which module has each."""

from __future__ import annotations

from ..commands import LazyGroup
from ..language import t

policy_command = LazyGroup(
    "policy",
    {
        "activate": "policy.activate",
        "check": "policy.check",
        "diagram": "policy.export",
        "diff": "policy.diff",
        "schema": "policy.export",
        "show": "policy.show",
        "test": "policy.examples",
        "mutate": "policy.mutate",
        "try": "policy.trial",
    },
    help=t("查看、证明、试用、比较、更换政策。", "Show, prove, try, compare or change the policy."),
)
