"""How machines of states are run against the database: slow steps, few of them, and planted faults found each time."""

from collections.abc import Collection

from hypothesis import HealthCheck, Phase, settings


def machine_settings(*, examples: int, steps: int, phases: Collection[Phase]) -> settings:
    """``phases``: all of them; with fewer a planted fault is looked for, which is to be found again if it was once."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        phases=phases,
        derandomize=tuple(phases) != tuple(Phase),
    )
