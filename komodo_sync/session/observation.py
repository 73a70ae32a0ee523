"""One look at a Core, and what is made of it: a plan, or what nobody owns. Nothing here writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.errors import CoreConnectionError, InputError
from komodo_sync.kinds import KINDS
from komodo_sync.kinds.automation import RESOURCE_SYNC
from komodo_sync.model.data import replace
from komodo_sync.model.diagnostic import Severity
from komodo_sync.model.hiding import knowing
from komodo_sync.session.approval import check_view
from komodo_sync.session.dangling import dangling_references
from komodo_sync.source.codes import Code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.client.live import Question
    from komodo_sync.manifest import Loaded
    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Desired, DesiredResource
    from komodo_sync.model.observed import Observed
    from komodo_sync.model.plan import Planned
    from komodo_sync.model.unowned import Unowned
    from komodo_sync.planning import Options
    from komodo_sync.session.connection import Session


def observe(session: Session, desired: Desired, options: Options, *, patient: bool = True) -> Observed:
    """One snapshot of what the plan needs: the kinds that are declared, with what they refer to, and those of which
    something may be deployed from their checkouts; every kind where something may be deleted, because only then is it
    known what refers to it. What admins alone can list refers to nothing that a delete would break. `patient`: whether
    files that were fetched a moment ago are fetched once more."""
    from komodo_sync.client.snapshot import observe as snapshot
    from komodo_sync.planning.deploys.moves import may_leave
    from komodo_sync.planning.renames import in_the_way

    deletes = (options.prune and bool(options.owner)) or bool(desired.absent)
    kinds = {address.kind for address in desired.resources}
    kinds |= {item.address.kind for item in (*desired.absent, *desired.forget)}
    if deletes:
        kinds |= {name for name, spec in KINDS.items() if not spec.admin_only}
    if any(lifecycle.checkout for kind in kinds if (lifecycle := KINDS[kind].lifecycle)):
        # what is deployed from a checkout is lost with it, whoever declares that
        kinds |= {name for name, spec in KINDS.items() if spec.folder}
    if kinds:
        kinds.add(RESOURCE_SYNC.name)  # one may fight over what is declared
    # what runs matters to the effects of deletes and renames, and to what is deployed beside it
    states = deletes or any(item.renamed_from for item in desired.resources.values())
    detailed = {*desired.resources, *(item.address for item in desired.absent)}
    detailed |= {
        address._replace(name=each.renamed_from) for address, each in desired.resources.items() if each.renamed_from
    }
    question = _question(desired, options, patient=patient)
    states |= question is not None and any(KINDS[kind].compose or KINDS[kind].publishes for kind in question.kinds)
    refresher = session.refresher
    return snapshot(
        session.reader,
        kinds,
        states=states,
        detailed=detailed,
        question=question,
        refresher=refresher,
        doubtful=lambda resources: (*may_leave(desired, resources, options), *in_the_way(desired, resources)),
    )


def _question(desired: Desired, options: Options, *, patient: bool) -> Question | None:
    """What is to be known of what runs; None where nothing that is selected declares a deploy or a state."""
    from komodo_sync.client.live import Question
    from komodo_sync.planning.deploys.uses import variables_of_config

    if not options.deploy:
        return None
    asked = [
        item
        for address, item in desired.resources.items()
        if options.selects(address) and not item.template and (item.deploy or item.state or item.run_on_change)
    ]
    if not asked:
        return None
    deploying = [item for item in asked if item.deploy]
    return Question(
        deploying=frozenset(name for item in deploying for name in _names(item)),
        kept=frozenset(name for item in asked if not item.deploy for name in _names(item)),
        variables=frozenset(name for item in deploying for name in variables_of_config(item.config)),
        refresh=options.refresh,
        patient=patient,
    )


def _names(item: DesiredResource) -> Iterator[Address]:
    yield item.address
    if item.renamed_from:
        yield item.address._replace(name=item.renamed_from)


def plan(session: Session, loaded: Loaded, options: Options, *, patient: bool = True) -> Planned:
    """The plan for what was loaded. `patient`: whether files that were fetched a moment ago for another plan are
    waited for, until they can be fetched once more. Raises InputError with every finding: those of the files, and the
    references that neither they nor the Core can satisfy."""
    failed = any(item.severity is Severity.ERROR for item in loaded.diagnostics)
    try:
        observed = observe(session, loaded.desired, options, patient=patient)
    except CoreConnectionError:
        if failed:
            raise InputError(loaded.diagnostics) from None
        raise
    from komodo_sync.masking.redaction import learn_declared, learn_live
    from komodo_sync.planning import make_plan
    from komodo_sync.planning.approved import as_seen

    if options.visibility is not None:
        check_view(options.visibility, observed)
        observed = as_seen(observed, options.visibility)

    missing = dangling_references(loaded, observed)
    if failed or missing:
        # what the files alone could only suspect is known now
        sure = [item for item in loaded.diagnostics if item.code != Code.DANGLING]
        raise InputError(sorted([*sure, *missing], key=lambda item: item.sort_key))
    planned = make_plan(loaded.desired, observed, replace(options, secrets=session.known))
    # what the Core says from now on it says knowing both worlds
    learn_declared(session.known, loaded.desired)
    learn_live(session.known, observed, loaded.desired)
    return planned


def unowned(session: Session, loaded: Loaded, options: Options) -> Unowned:
    """What nobody owns and no manifest declares. Raises InputError where manifests could not be read: what they declare
    would be in it."""
    from komodo_sync.client.snapshot import observe as snapshot
    from komodo_sync.masking.redaction import learn_declared, learn_live
    from komodo_sync.planning.unowned import unowned as found

    if any(item.severity is Severity.ERROR for item in loaded.diagnostics):
        raise InputError(loaded.diagnostics)
    observed = snapshot(session.reader, frozenset(KINDS), states=False)
    learn_declared(session.known, loaded.desired)
    learn_live(session.known, observed, loaded.desired)
    with knowing(session.known.telling_places):
        made = found(loaded.desired, observed, options)
    told = (replace(item, description=session.known.without_telling(item.description)) for item in made.resources)
    return replace(made, resources=tuple(told))
