"""Servers: machines on which an agent (Periphery) runs; and swarms of them."""

from __future__ import annotations

from typing import Annotated

from komodo_sync.kinds.parts import MaintenanceWindows
from komodo_sync.kinds.shapes import TextListShape
from komodo_sync.kinds.spec import resource_kind
from komodo_sync.kinds.struct import SECRET, Alias, Doc, Flag, Float, Float32, Ref, Since, Struct, Text, TextList


class ServerConfig(Struct):
    """Every field of a server's config in Core 2.3.2."""

    address: Annotated[Text, Doc("Where its agent listens; empty when the agent connects to the Core.")] = ""
    insecure_tls: Annotated[Flag, Since("2.0.0"), Doc("Do not check the agent's certificate.")] = True
    external_address: Annotated[Text, Doc("The address to use in links.")] = ""
    region: Annotated[Text, Doc("A word about where it stands, for people.")] = ""
    enabled: Annotated[Flag, Doc("A server that is not enabled is not spoken to.")] = False
    auto_rotate_keys: Annotated[Flag, Since("2.0.0"), Doc("Let the Core change the agent's keys by itself.")] = True
    passkey: Annotated[Text, SECRET, Doc("The passkey of agents from before key pairs.")] = ""
    ignore_mounts: Annotated[TextList, Doc("Mounts that do not count for disk alerts.")] = ()
    auto_prune: Annotated[Flag, Doc("Prune unused images every day.")] = True
    links: Annotated[TextList, Doc("Links shown on its page.")] = ()
    stats_monitoring: Annotated[Flag, Doc("Record processor, memory and disk use.")] = True
    send_unreachable_alerts: Annotated[Flag, Doc("Send an alert when the server cannot be reached.")] = True
    send_cpu_alerts: Annotated[Flag, Doc("Send an alert when cpu_warning or cpu_critical is passed.")] = True
    send_mem_alerts: Annotated[Flag, Doc("Send an alert when mem_warning or mem_critical is passed.")] = True
    send_disk_alerts: Annotated[Flag, Doc("Send an alert when disk_warning or disk_critical is passed.")] = True
    send_version_mismatch_alerts: Annotated[Flag, Doc("Send an alert when the agent's version is not the Core's.")] = (
        True
    )
    cpu_warning: Annotated[Float32, Doc("Per cent of processor use that is worth a warning.")] = 90.0
    cpu_critical: Annotated[Float32, Doc("Per cent of processor use that is critical.")] = 99.0
    mem_warning: Annotated[Float, Doc("Per cent of memory use that is worth a warning.")] = 75.0
    mem_critical: Annotated[Float, Doc("Per cent of memory use that is critical.")] = 95.0
    disk_warning: Annotated[Float, Doc("Per cent of disk use that is worth a warning.")] = 75.0
    disk_critical: Annotated[Float, Doc("Per cent of disk use that is critical.")] = 95.0
    maintenance_windows: Annotated[MaintenanceWindows, Doc("Times in which no alerts are sent.")] = ()


SERVER = resource_kind(
    "server",
    "servers",
    "Server",
    ServerConfig,
    order=20,
    doc="A machine on which docker runs, with Komodo's agent.",
    stops="stacks, deployments and repos on it lose their server; their containers keep running, unmanaged",
    renames_running=(
        "its agent connects by itself, as what `connect_as` in its own config says, and that stays; unless it is the "
        "server's id, the Core does not let it in again once the open connection ends (the agent or the Core restarts):"
        " what is on it runs on then, and can neither be watched, deployed nor stopped; with an onboarding key the "
        "agent makes a second server under the old name. Once this is applied, set `connect_as` there to the new name, "
        "or to the id, and restart the agent; or give the server an address"
    ),
    held_by_referers=True,
    reach="enabled",
    machine="address",
    reached="ListServers",
    sweeps=("--remove-orphans", *(f"COMPOSE_REMOVE_ORPHANS={yes}" for yes in ("true", "True", "TRUE", "1"))),
    renews=("-V", "--renew-anon-volumes"),
)


class SwarmConfig(Struct):
    """Every field of a swarm's config in Core 2.3.2."""

    server_ids: Annotated[
        tuple[str, ...],
        TextListShape(from_text=False),
        Ref("server"),
        Alias("servers"),
        Doc("Its manager servers, in the order in which they are tried."),
    ] = ()
    links: Annotated[TextList, Doc("Links shown on its page.")] = ()
    send_unhealthy_alerts: Annotated[Flag, Doc("Send an alert when the swarm is unhealthy.")] = True
    maintenance_windows: Annotated[MaintenanceWindows, Doc("Times in which no alerts are sent.")] = ()


SWARM = resource_kind(
    "swarm",
    "swarms",
    "Swarm",
    SwarmConfig,
    order=30,
    doc="A docker swarm, spoken to through its managers.",
    all_or_nothing=True,
    sweeps=("--prune",),
)
