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
    region: Text = ""
    enabled: Annotated[Flag, Doc("A server that is not enabled is not spoken to.")] = False
    auto_rotate_keys: Annotated[Flag, Since("2.0.0")] = True
    passkey: Annotated[Text, SECRET] = ""
    ignore_mounts: Annotated[TextList, Doc("Mounts that do not count for disk alerts.")] = ()
    auto_prune: Annotated[Flag, Doc("Prune unused images every day.")] = True
    links: TextList = ()
    stats_monitoring: Flag = True
    send_unreachable_alerts: Flag = True
    send_cpu_alerts: Flag = True
    send_mem_alerts: Flag = True
    send_disk_alerts: Flag = True
    send_version_mismatch_alerts: Flag = True
    cpu_warning: Float32 = 90.0
    cpu_critical: Float32 = 99.0
    mem_warning: Float = 75.0
    mem_critical: Float = 95.0
    disk_warning: Float = 75.0
    disk_critical: Float = 95.0
    maintenance_windows: MaintenanceWindows = ()


SERVER = resource_kind(
    "server",
    "servers",
    "Server",
    ServerConfig,
    order=20,
    stops="stacks, deployments and repos on it lose their server; their containers keep running, unmanaged",
    held_by_referers=True,
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
    links: TextList = ()
    send_unhealthy_alerts: Flag = True
    maintenance_windows: MaintenanceWindows = ()


SWARM = resource_kind("swarm", "swarms", "Swarm", SwarmConfig, order=30)
