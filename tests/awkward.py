"""Secrets of which a guess by names and forms sees a part at most."""

from __future__ import annotations

import re

AWKWARD = (
    "Som'mer;Nacht2024",
    'Dorf"Kuchen&Teller',
    "Gabel:Kuchen=Teller@Xaver1",
    "Kuh7,Gras8Milch9",
    "Wald|Wiese;Fluss} Berg]Tals: Meer9",
    "Hut9 Schal Mantel2",
    "#Sand%Stein$Kies\\Lehm",
    "`Uhus`Eule<Kauz>",
    "--Flag Wert==Zahl8",
    "{Onkel: [Vater, 'Mutter8']}",
    'Erde-1\nMond,Sonne8;Stern\nMars "Venus8"',
    "[[Blau]]Gelb8",
    "Bearer Roter;Gruen8",
    "https://me:Pfad9@Ort/Quelle",
    "password=Igel;Hase 9Fuchs",
    "!Apfel,*Birne8&Kirsche",
)
LINES = (
    "docker login -u me -p {} ghcr.io",
    "mysql -p{} -h db",
    "curl -u me:{} https://x.example",
    "failed: {}@x",
    "export TOKEN={}; run",
    "serve --token {} --host h",
    "serve --token '{}' --host h",
    "password: {}",
    '  - --password="{}"',
    "# a token: {}",
    "url: https://me:{}@host/x",
    "Authorization: Bearer {}",
    '{{"token": "{}", "a": 1}}',
    "IDENTIFIED BY '{}';",
)


def left_of(secret: str, text: str) -> list[str]:
    """The words of a secret that stand in a text all the same."""
    return [
        word for word in re.findall(r"\w{4,}", secret) if word in text and word not in ("https", "password", "Bearer")
    ]
