"""One live resource -> its entry in a manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.export.pairs import NOTHING, Told
from komodo_sync.export.placeholders import literal
from komodo_sync.export.said import asking_items, said_lines, said_tree
from komodo_sync.export.stand_ins import StandIns
from komodo_sync.export.text import Noted
from komodo_sync.export.tree import Trees, UnwritableError, spelling
from komodo_sync.export.withholding import Withholding
from komodo_sync.kinds import KINDS
from komodo_sync.kinds.names import normal_name, refusal
from komodo_sync.kinds.outside import live_of
from komodo_sync.kinds.shapes import PairsShape, Tagged
from komodo_sync.model.api_keys import is_api_key
from komodo_sync.model.data import Data, replace
from komodo_sync.model.marks import PROTECTED, is_mark
from komodo_sync.model.sealed import Sealed, Unknown
from komodo_sync.model.secrecy import is_reference, looks_secret

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from komodo_sync.export.placeholders import Placeholders
    from komodo_sync.export.tree import Tree
    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.kinds.struct import Field
    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import DesiredResource
    from komodo_sync.model.known import Known
    from komodo_sync.model.observed import Observed, ObservedResource


class Omission(Data, frozen=True):
    """What is not in the manifests though it is in the Core: a field, or with an empty `field` the whole resource."""

    address: Address
    field: str
    reason: str


def refusal_of(address: Address) -> str:
    """Why a resource cannot be declared under the name that it has, empty when it can."""
    rule = KINDS[address.kind].names
    kept = normal_name(rule, address.name)
    if kept != address.name:
        return f"a Core of today would call it {kept!r}; rename it in Komodo first"
    return refusal(rule, address.name)


class Entries:
    """Makes the entries of one Core, without what is `known` to be secret, and without the live values of what the
    `declared` resources take from outside. `omissions` grows by what they cannot say."""

    def __init__(
        self, observed: Observed, placeholders: Placeholders, known: Known, declared: Iterable[DesiredResource] = ()
    ) -> None:
        self._observed = observed
        self._placeholders = placeholders
        self._known = known
        self._declared = {live.address: item for item in declared if (live := live_of(item, observed.resources))}
        self._names = frozenset(address.name for address in observed.resources)
        self.omissions: list[Omission] = []

    def entry(self, live: ObservedResource) -> dict[str, Tree]:
        """Everything that `live` has beside its defaults, in the order in which it is written. A field that cannot be
        said is ignored, so that a plan leaves it alone."""
        spec, trees = KINDS[live.address.kind], self._trees(live)
        tree: dict[str, Tree] = {key: literal(part) for key, part in spec.identity_of(live.address.name).items()}
        tree |= {name: value for name in _META if name in spec.meta and (value := self.meta(live, name))}
        if spec.owned and PROTECTED in live.tags:
            tree["protect"] = True
        stand_ins = StandIns()
        config, ignored = self._config(spec, trees, self._veiled(live, trees, stand_ins))
        config = self._withheld(live, config, stand_ins=stand_ins)
        if ignored:
            tree["ignore"] = [f"config.{name}" for name in ignored]
        if spec.flat:
            tree |= config
        elif config and (not isinstance(spec.config, Tagged) or config != {"type": spec.config.default}):
            tree["config"] = config
        return tree

    def meta(self, live: ObservedResource, name: str) -> Tree:
        """One of description, tags and template."""
        if name == "tags":
            return [literal(tag) for tag in sorted(live.tags) if not is_mark(tag)]
        if name == "description":
            declared, stand_ins = self._declared.get(live.address), StandIns()
            wanted = declared.description if declared else None
            told = stand_ins.put(live.description, wanted, (name,), self._trees(live))
            return self._withheld(live, literal(told), (name,), stand_ins)
        return live.template

    def field(self, live: ObservedResource, name: str, told: Told = NOTHING) -> Tree:
        """One field of its config (one param where that is Tagged), also where it is at its default; of lines what a
        manifest has `told` already as it is. Raises UnwritableError."""
        item, value = self._held(live, name)
        return self._withheld(live, self._value(self._trees(live, told), item, live, value), (spelling(item),))

    def said(
        self, live: ObservedResource, name: str, wanted: Any, tree: Tree, left: Collection[str], told: Told
    ) -> Tree:
        """What is declared of a field, beside `tree`, what `field` gives for it. `left`: keys of it that are left as
        they are."""
        item, have = self._held(live, name)
        said = said_tree(self._trees(live, told), item, wanted, have, tree)
        if left and isinstance(said, dict):
            said = {**said, **{key: tree[key] for key in left}}
        return self._withheld(live, said, (spelling(item),))

    def items(
        self, live: ObservedResource, name: str, wanted: list[Any], tree: Tree, said: Tree, written: list[str]
    ) -> tuple[Tree, Tree]:
        """A list of texts and what is said of it, for the items that somebody wrote: those that take theirs from
        outside stay as they are written, wherever it stands now."""
        found, unsure = asking_items(self._held(live, name)[1], wanted, written)
        hidden = {place: self._placeholders.placeholder(live.address, (name, str(place + 1))) for place in unsure}
        opaque = [isinstance(value, Sealed | Unknown) for value in wanted]
        return (
            [{**hidden, **found}.get(place, each) for place, each in enumerate(tree)],
            [text if hides else each for text, each, hides in zip(written, said, opaque, strict=True)],
        )

    def lines(self, live: ObservedResource, name: str, wanted: Any, told: Told) -> str:
        """A field of `KEY=value` lines, for those that somebody wrote."""
        item, value = self._held(live, name)
        mounts = isinstance(item.shape, PairsShape) and item.shape.mounts
        text = said_lines(wanted, value, replace(told, mounts=mounts), self._trees(live).naming((name,)))
        return str(self._withheld(live, text, (name,)))

    def _held(self, live: ObservedResource, name: str) -> tuple[Field, Any]:
        spec = KINDS[live.address.kind]
        if isinstance(spec.config, Tagged):
            item = spec.config.all_variants()[live.config["type"]].fields()[name]
            return item, live.config["params"][name]
        item = spec.fields()[name]
        return item, live.config.get(name, item.default)

    def _veiled(self, live: ObservedResource, trees: Trees, stand_ins: StandIns) -> ObservedResource:
        """`live` with a stand-in for each part of its config that its manifest takes from outside."""
        declared, shape = self._declared.get(live.address), KINDS[live.address.kind].config
        if declared is None:
            return live
        wanted, held = declared.config, live.config
        if not isinstance(shape, Tagged):
            fields = shape.fields()
            return replace(live, config=_with_stand_ins(held, wanted, fields, trees, stand_ins))
        if wanted.get("type") != held["type"] or held["type"] not in shape.all_variants():
            return live
        fields = shape.all_variants()[held["type"]].fields()
        params = _with_stand_ins(held["params"], wanted["params"], fields, trees, stand_ins)
        return replace(live, config={**held, "params": params})

    def _withheld(
        self, live: ObservedResource, tree: Tree, path: tuple[str, ...] = (), stand_ins: StandIns | None = None
    ) -> Tree:
        holding = Withholding(live.address, self._known, self._placeholders, stand_ins or StandIns(), self._names)
        return holding.withheld(tree, path)

    def _trees(self, live: ObservedResource, told: Told = NOTHING) -> Trees:
        observed = self._observed
        return Trees(live.address, observed.resources.keys(), observed.kinds, self._placeholders, told)

    def _config(self, spec: KindSpec, trees: Trees, live: ObservedResource) -> tuple[dict[str, Tree], list[str]]:
        for name in sorted(live.masked):
            self.omissions.append(Omission(live.address, name, "this key does not see it"))
        if isinstance(spec.config, Tagged):
            return self._tagged(spec.config, trees, live)
        ignored: list[str] = []
        config: dict[str, Tree] = {}
        for name, item in spec.fields().items():
            if name in live.config and (item.required or live.config[name] != item.default):
                try:
                    config[spelling(item)] = self._value(trees, item, live, live.config[name])
                except UnwritableError as cause:
                    ignored += self._omitted(live, name, name, cause)
        for word, reason in _questionable(spec, live.config):
            if word in config:
                config[word] = Noted(config[word], reason)
        return config, ignored

    def _tagged(self, shape: Tagged, trees: Trees, live: ObservedResource) -> tuple[dict[str, Tree], list[str]]:
        variant = shape.all_variants().get(live.config["type"])
        if variant is None:
            cause = UnwritableError(f"the type {live.config['type']} is not known here")
            return {}, self._omitted(live, "type", "type", cause)
        params: dict[str, Tree] = {}
        ignored: list[str] = []
        for name, item in variant.fields().items():
            value = live.config["params"][name]
            if item.required or value != item.default:
                try:
                    params[spelling(item)] = trees.value(item, value, (name,))
                except UnwritableError as cause:
                    ignored += self._omitted(live, name, f"params.{name}", cause)
        tree = {"type": live.config["type"]}
        return {**tree, "params": params} if params else tree, ignored

    def _omitted(self, live: ObservedResource, name: str, ignored: str, cause: UnwritableError) -> list[str]:
        self.omissions.append(Omission(live.address, name, str(cause)))
        return [ignored]

    def _value(self, trees: Trees, item: Field, live: ObservedResource, value: Any) -> Tree:
        # a value that a flag makes secret, or that the resource's own name promises to be one
        if item.secret_when and value and isinstance(value, str) and _is_secret(live.address.name, value):
            value = value if is_reference(value) else Sealed(value)
        return trees.value(item, value, (item.name,))


def _is_secret(name: str, value: str) -> bool:
    return looks_secret(name) or is_api_key(name, value)


def _with_stand_ins(
    held: Mapping[str, Any], wanted: Mapping[str, Any], fields: Mapping[str, Field], trees: Trees, stand_ins: StandIns
) -> dict[str, Any]:
    return {
        name: stand_ins.put(value, wanted[name], (name,), trees, fields[name]) if name in wanted else value
        for name, value in held.items()
    }


def _questionable(spec: KindSpec, config: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The values at which a check would stumble although Komodo itself makes them so, and why they stand there."""
    fields = spec.fields()
    for name, item in fields.items():
        counts, implies = item.counted_while, item.implied_by
        if counts and config.get(counts, fields[counts].default):
            yield spelling(item), f"{IGNORE} KS069 because it is for the creation alone: Komodo counts it up by itself"
        if implies and config.get(implies) and not config.get(name, item.default):
            yield implies, f"{IGNORE} KS073 because it is so in Komodo, which polls with {implies} all the same"


_META = ("description", "tags", "template")
IGNORE = "komodo-sync: ignore"
