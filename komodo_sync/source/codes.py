"""Every code that a diagnostic about the input can have. A code never changes its meaning."""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """`Code.X` is `KSnnn`; `Code.X.cause` says in one sentence what is wrong whenever it is reported."""

    cause: str

    def __new__(cls, code: str, cause: str) -> Code:
        member = str.__new__(cls, code)
        member._value_ = code
        member.cause = cause
        return member

    # files
    UNREADABLE = "KS001", "The file cannot be read."
    BINARY = "KS002", "The file is not a text."
    NOT_UTF8 = "KS003", "The file is a text in another encoding than UTF-8."
    YAML_SYNTAX = "KS004", "The file is not well-formed YAML."
    TOML_SYNTAX = "KS005", "The file is not well-formed TOML."
    TOO_DEEP = "KS006", "Values are nested deeper than any manifest needs."
    ALIAS_BOMB = "KS007", "The aliases of the file expand to more than any manifest needs."
    DUPLICATE_KEY = "KS008", "One mapping has the same key twice."
    UNKNOWN_TAG = "KS009", "A YAML tag other than !file."
    UNKNOWN_ALIAS = "KS010", "An alias names an anchor that does not stand before it."
    BAD_MERGE = "KS011", "A merge key << is given something other than mappings."
    BAD_KEY = "KS012", "A key is not a plain text."
    NO_MANIFESTS = "KS013", "There is nothing to read: no such path, or a folder without manifests."
    NOTHING_DECLARED = "KS014", "The file declares nothing that we know."
    FILE_MISSING = "KS015", "What a !file names cannot be read."
    FILE_OUTSIDE = "KS016", "What a !file names lies outside the manifests' root."
    FILE_MISPLACED = "KS017", "A !file stands where no text is expected."

    # shape
    UNKNOWN_TABLE = "KS020", "A top-level key that is no kind of resource."
    UNKNOWN_KEY = "KS021", "A key that does not belong here."
    NOT_YET = "KS022", "A key that is planned and not read yet."
    WRONG_TYPE = "KS023", "A value is of another type than its field."
    NULL = "KS024", "A value is null, which means nothing here."
    OUT_OF_RANGE = "KS025", "A number lies outside what its field can hold."
    UNKNOWN_VALUE = "KS026", "A value is none of those that its field takes."
    TWO_SPELLINGS = "KS027", "A field is given twice, under two of its names."
    MISSING_KEY = "KS028", "A key that must be there is missing."
    UNKNOWN_VARIANT = "KS029", "The type of a variant is none that the Core knows."
    UNWRITABLE_PAIR = "KS030", "A key or value that the Core would misread, however it is written."
    BAD_ADDRESS = "KS031", "A text that should be the address of a resource is none."
    BAD_VERSION = "KS032", "A version is not of the form 1.2.3."
    UNWRITABLE_TEXT = "KS033", "A text that the Core refuses: too long, or with characters that it does not take."
    BAD_REGEX = "KS034", "A \\regex\\ of names cannot be read."
    NAME_RESERVED = "KS035", "A name that komodo-sync keeps for itself."

    RESERVED_TAG = "KS036", "A tag that keeps our books is written by hand."

    # rules across resources
    DUPLICATE_RESOURCE = "KS040", "The same resource is declared twice."
    NAME_COLLISION = "KS041", "Two names become the same once the Core has normalised them."
    NAME_CHANGES = "KS042", "The Core would store the resource under another name."
    DANGLING = "KS043", "A reference names a resource that no manifest declares."
    REFERENCE_CYCLE = "KS044", "Resources refer to each other in a circle."
    AFTER_CYCLE = "KS045", "Resources are to come after each other in a circle."
    AFTER_UNDECLARED = "KS046", "after names a resource that no manifest declares."
    AFTER_AMBIGUOUS = "KS047", "A bare name in after could be a stack or a deployment."
    CONTRADICTION = "KS048", "Two declarations cannot both be true."
    BAD_RENAME = "KS049", "A rename that cannot be done."

    # settings
    SETTINGS_MISSING = "KS050", "The settings file that was named does not exist."
    BAD_URL = "KS051", "The address of a Core is not a URL that we can use."
    BAD_PATTERN = "KS052", "A pattern of resources is not of the form kind/name."

    # what Komodo makes of it
    SOURCE_SHADOWED = "KS060", "A resource says twice where its files come from, and only one of them counts."
    SOURCE_MISSING = "KS061", "A resource that is to run or to be built somewhere says nowhere what it is made of."
    FIELD_SHADOWED = "KS062", "A field means nothing, because another one is given."
    FIELD_IDLE = "KS063", "A field means nothing, because another one is off."
    VARIABLE_UNDECLARED = "KS064", "A text names a variable that no manifest declares."
    COMPOSE_SYNTAX = "KS065", "A compose text is not well-formed YAML."
    COMPOSE_EMPTY = "KS066", "A compose text has no services."
    PAIR_UNREADABLE = "KS067", "A line that should be KEY=value is read as something else by the Core, or not at all."
    PAIR_TWICE = "KS068", "One key is given twice among KEY=value lines."
    VERSION_COUNTED = "KS069", "A version is declared that the Core counts up by itself."
    RUNS_TWICE = "KS070", "Two resources run under one name in one place."
    BAD_SCHEDULE = "KS071", "A schedule or a time zone that the Core cannot read, so that nothing ever runs."
    RENAME_LEAVES_VOLUMES = "KS072", "A rename after which the next deploy starts without the volumes that are there."
    POLLING_UNSAID = "KS073", "Something is updated automatically, and does not say that it polls for newer images."
    WRAPS_NOTHING = "KS074", "A command around docker compose in which the compose command has no place."

    # comments
    BAD_IGNORE = "KS080", "An ignore comment that silences nothing, because of how it is written."
    UNUSED_IGNORE = "KS081", "An ignore comment on a line where there is nothing of that code."

    # interpolation and reuse
    BAD_INTERPOLATION = "KS090", "A ${env:...}, ${file:...}, ${var:...} or ${each:...} that is not written as one."
    SECRET_MISPLACED = "KS091", "A value from the environment or a file stands where everybody reads it."
    UNKNOWN_VAR = "KS092", "A ${var:...} names a value that nobody gives."
    UNKNOWN_EACH = "KS093", "A ${each:...} names nothing that a for_each of the resource gives."
    BAD_FOR_EACH = "KS094", "A for_each is neither lists by name nor a list of mappings."
    NO_DEFAULT = "KS095", "A default for what every resource has to say itself."
    NOTHING_REMOVED = "KS096", "A null of an overlay removes what is not there."
    NEAR_MISS = "KS097", "An overlay declares a resource whose name is much like that of a declared one."
    UNKNOWN_OVERLAY = "KS098", "The settings name an overlay that does not exist."
    IDLE_DEFAULT = "KS099", "A file has defaults of a kind of which it declares nothing."
