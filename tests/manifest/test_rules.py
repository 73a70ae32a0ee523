"""What Komodo makes of what is declared: each rule where it speaks, where it is silent, and where it points."""

# ruff: noqa: E501  one line a case
from __future__ import annotations

from collections.abc import Callable

import pytest

from komodo_sync.manifest import Loaded
from komodo_sync.model.diagnostic import Severity

Write = Callable[..., Loaded]

STACK = "stacks:\n- name: web\n  config:\n"
BUILD = "builds:\n- name: web\n  config:\n"
DEPLOYMENT = "deployments:\n- name: web\n  config:\n"
COMPOSE = "    file_contents: |\n      "

P, P_AT = "procedures: [{name: p, config: {%s}}]\n", "1:33"
CRON = (
    "0 0 3 * * *", "0 10 * * * *", "0/30 * * * * *", "*/5 1,2,3 0-23/2 1-31 jan-dec mon-fri", "0 0 3 ? * SAT,SUN", "0 0 3 L * ?",
    "0 0 3 15W * *", "0 0 3 * * FRI#2", "0 0 3 * * 5L", "0 0 3 * * 5#L", "0 0 3 1 1 * 2027", "@daily", "0 0 0 * * 7", " 0 0 3 * * FRI-SUN ",
)  # fmt: skip
ENGLISH = (
    "every day at 01:00", "Every day at 04:00", "Run every 15 minutes", "2pm and 6pm", "midnight on Tuesdays", "Run second", "at noon",
    "every 5 day at 4:30 pm only in September", "0 o clock every day",
)  # fmt: skip

# name of the case, manifest, code, place, words of the message
FOUND = [
    ("contents beside a repo", STACK + "    repo: a/b\n    file_contents: 'services: {}'\n", "KS060", "5:5", "file_contents means nothing here: repo"),
    ("a repo beside files on the host", STACK + "    files_on_host: true\n    repo: a/b\n", "KS060", "5:5", "repo means nothing here: files_on_host"),
    ("contents beside a linked repo", STACK + "    linked_repo: r\n    file_contents: 'services: {}'\nrepos: [{name: r}]\n", "KS060", "5:5", "linked_repo"),
    ("a server and no source", STACK + "    server: s\nservers: [{name: s}]\n", "KS061", "4:5", "nothing to deploy there"),
    ("a swarm and no source", STACK + "    swarm: s\nswarms: [{name: s}]\n", "KS061", "4:5", "nothing to deploy there"),
    ("a branch beside a linked repo", STACK + "    linked_repo: r\n    branch: dev\nrepos: [{name: r}]\n", "KS062", "5:5", "branch means nothing beside linked_repo"),
    ("a repo beside a linked repo", STACK + "    linked_repo: r\n    repo: a/b\nrepos: [{name: r}]\n", "KS062", "5:5", "repo means nothing"),
    ("a build's account beside a linked repo", BUILD + "    linked_repo: r\n    git_account: me\nrepos: [{name: r}]\n", "KS062", "5:5", "git_account"),
    ("a build's Dockerfile beside a repo", BUILD + "    repo: a/b\n    dockerfile: FROM x\n", "KS060", "5:5", "dockerfile means nothing here: repo"),
    ("a sync's contents beside a repo", "resource_syncs:\n- name: web\n  config:\n    repo: a/b\n    file_contents: x = 1\n", "KS060", "5:5", "file_contents means nothing here: repo"),
    ("a builder and no source", BUILD + "    builder: s\nbuilders: [{name: s}]\n", "KS061", "4:5", "build/web has a builder, and nothing"),
    ("a server and no image", DEPLOYMENT + "    server: s\nservers: [{name: s}]\n", "KS061", "4:5", "deployment/web has a server, and nothing to deploy there"),
    ("an auto update alone", STACK + "    repo: a/b\n    auto_update: true\n", "KS073", "5:5", "auto_update is on without poll_for_updates"),
    ("an auto update that is not to look", STACK + "    repo: a/b\n    auto_update: true\n    poll_for_updates: false\n", "KS073", "6:5", "poll_for_updates: false has no effect while auto_update is on"),
    ("a deployment's alone", DEPLOYMENT + "    auto_update: yes\n", "KS073", "4:5", "auto_update is on without poll_for_updates"),
    ("a deployment's too", DEPLOYMENT + "    auto_update: yes\n    poll_for_updates: no\n", "KS073", "5:5", "has no effect"),
    ("a wrapper around nothing", STACK + "    repo: a/b\n    compose_cmd_wrapper: op run --\n", "KS074", "5:5", "[[COMPOSE_COMMAND]]"),
    ("services of no auto update", STACK + "    repo: a/b\n    auto_update_skip_services: [db]\n", "KS063", "5:5", "while auto_update and poll_for_updates are off"),
    ("all services of no auto update", STACK + "    repo: a/b\n    poll_for_updates: yes\n    auto_update_all_services: yes\n", "KS063", "6:5", "while auto_update is off"),
    ("arguments of no build", STACK + "    repo: a/b\n    build_extra_args: [--pull]\n", "KS063", "5:5", "while run_build is off"),
    ("an undeclared variable", STACK + "    repo: a/b\n    environment:\n      A: '[[REGION]]'\n", "KS064", "5:5", "[[REGION]] names no declared variable"),
    ("an undeclared variable in a line", STACK + "    repo: a/b\n    environment: |\n      A=1\n      B=[[REGION]]\n", "KS064", "7:7", "[[REGION]]"),
    ("an undeclared variable in a command", STACK + "    repo: a/b\n    pre_deploy: {command: 'echo [[REGION]]'}\n", "KS064", "5:5", "[[REGION]]"),
    ("an undeclared variable in a list", STACK + "    repo: a/b\n    extra_args: [--name, '[[REGION]]']\n", "KS064", "5:5", "[[REGION]]"),
    ("an undeclared variable with spaces", STACK + "    repo: a/b\n    extra_args: ['[[ REGION ]]']\n", "KS064", "5:5", "[[REGION]]"),
    ("an undeclared variable beside a secret", STACK + "    repo: a/b\n    environment: {T: '${env:T}', A: '[[REGION]]'}\n", "KS064", "5:5", "[[REGION]]"),
    ("contents that are no YAML", STACK + COMPOSE + "services:\n        web:\n       image: nginx\n", "KS065", "7:8", "not well-formed YAML"),
    ("contents with a line end that YAML alone knows", STACK + '    file_contents: "services:\\u2028 x: 1\\u2028 a: b: c"\n    repo: ""\n    branch: main\n', "KS065", "4:5", "not well-formed YAML"),
    ("contents with an open quote", STACK + COMPOSE + "services:\n        web: {image: \"nginx}\n", "KS065", "6:9", "a quote is opened"),
    ("contents without services", STACK + COMPOSE + "volumes: {}\n", "KS066", "4:5", "no services"),
    ("contents that are a text", STACK + "    file_contents: compose.yaml\n", "KS066", "4:5", "no services"),
    ("no service", STACK + COMPOSE + "services: {}\n", "KS066", "4:5", "services:, and none below it"),
    ("nothing below services", STACK + COMPOSE + "services:\n        # later\n      volumes: {a: }\n", "KS066", "4:5", "services:, and none below it"),
    ("a list of services", STACK + COMPOSE + "services:\n        - web\n", "KS066", "4:5", "a list for its services"),
    ("a text for services", STACK + COMPOSE + "services: web\n", "KS066", "4:5", "a text for its services"),
    ("contents with a variable that is left alone", STACK + "    skip_secret_interp: true\n" + COMPOSE + "services:\n        web:\n          image: [[REG]]/web\n", "KS065", "8:11", "neither a key nor part of the value above"),
    ("contents with a mistake behind a variable", STACK + COMPOSE + "services:\n        web:\n          image: [[ REG ]]/web\n         a: b\nvariables: [{name: REG, value: x}]\n", "KS065", "8:10", "its line 4"),
    ("contents with the value of a variable that breaks them", STACK + COMPOSE + "services:\n        web:\n          image: [[P]]\nvariables: [{name: P, value: 'a: b'}]\n", "KS065", "4:5", "(with the values of its variables in it)"),
    ("contents with a value that is no services", STACK + COMPOSE + "services: [[P]]\nvariables: [{name: P, value: web}]\n", "KS066", "4:5", "a text for its services"),
    ("a line without a divider", STACK + "    repo: a/b\n    environment: |\n      A=1\n      DEBUG\n", "KS067", "7:7", "line 2 of environment has neither = nor :"),
    ("an exported key", STACK + "    repo: a/b\n    environment: |\n      export A=1\n", "KS067", "6:7", "`export A` as the key"),
    ("a line without a key", STACK + "    repo: a/b\n    environment: '=1'\n", "KS067", "5:5", "`` as the key"),
    ("a key of two words", STACK + "    repo: a/b\n    environment:\n      A: 1\n      B C: 1\n", "KS067", "7:7", "the Core takes `B C` as the key"),
    ("a quote that is cut", STACK + "    repo: a/b\n    environment: |\n      A=1\n      B = 'x # y'\n", "KS067", "7:7", "the Core cuts line 2 of environment at ` #`"),
    ("a key twice", STACK + "    repo: a/b\n    environment: |\n      A=1\n      B=1\n      A=2\n", "KS068", "8:7", "`A` stands in environment twice, first in its line 1"),
    ("a label twice", BUILD + "    labels: |\n      a: 1\n      a: 2\n", "KS068", "6:7", "`a` stands in labels twice"),
    ("a version that is counted", BUILD + "    version: 1.2.3\n", "KS069", "4:5", "counts version up by itself"),
    ("five parts", P % "schedule: 0 3 * * *, schedule_format: Cron", "KS071", P_AT, "five parts"),
    ("four parts", P % "schedule: 0 3 * *, schedule_format: Cron", "KS071", P_AT, "4 parts, not six"),
    ("eight parts", P % "schedule: '* * * * * * * *', schedule_format: Cron", "KS071", P_AT, "8 parts"),
    ("hour 24", P % "schedule: 0 0 24 * * *, schedule_format: Cron", "KS071", P_AT, "`24` is no hour"),
    ("month 0", P % "schedule: 0 0 3 1 0 *, schedule_format: Cron", "KS071", P_AT, "`0` is no month"),
    ("weekday 8", P % "schedule: 0 0 3 * * 1-8, schedule_format: Cron", "KS071", P_AT, "`1-8` is no day of the week"),
    ("a range backwards", P % "schedule: 0 0 5-3 * * *, schedule_format: Cron", "KS071", P_AT, "`5-3` is no hour"),
    ("a step of nothing", P % "schedule: 0 */0 3 * * *, schedule_format: Cron", "KS071", P_AT, "`*/0` is no minute"),
    ("a step without a start", P % "schedule: 0 /5 3 * * *, schedule_format: Cron", "KS071", P_AT, "`/5` is no minute"),
    ("a whole weekday", P % "schedule: 0 0 3 * * MONDAY, schedule_format: Cron", "KS071", P_AT, "is no day of the week"),
    ("English as cron", P % "schedule: every day at noon, schedule_format: Cron", "KS071", P_AT, "not six"),
    ("no such nickname", P % "schedule: '@nightly', schedule_format: Cron", "KS071", P_AT, "no nickname"),
    ("cron as English", P % "schedule: 0 0 3 * * *", "KS071", P_AT, "it is a cron line"),
    ("cron of an action", "actions: [{name: a, config: {schedule: '0 0 3 ? * MON-FRI'}}]\n", "KS071", "1:30", "it is a cron line"),
    ("no time in English", P % "schedule: sometimes", "KS071", P_AT, "it says no time"),
    ("a time that is none", P % "schedule: 'every day at 25:00'", "KS071", P_AT, "`25:00` is no time of the day"),
    ("a minute that is none", P % "schedule: 'at 9:75 pm'", "KS071", P_AT, "`9:75` is no time of the day"),
    ("no such time zone", P % "schedule: every day, schedule_timezone: Europe/Berln", "KS071", "1:54", "no time zone `Europe/Berln`"),
    ("a small time zone", P % "schedule: every day, schedule_timezone: europe/berlin", "KS071", "1:54", "no time zone"),
    ("a rename to a project of the new name", "stacks: [{name: a, renamed_from: b, config: {repo: x/y, project_name: a}}]\n", "KS072", "1:20", "called after b"),
    ("a rename without its volumes", "stacks: [{name: a, renamed_from: b, config: {repo: x/y, project_name: ''}}]\n", "KS072", "1:20", "called after b"),
]  # fmt: skip

REFUSED = [
    ("an argument without a divider", BUILD + "    build_args: |\n      RELEASE\n", "KS067", "5:7", "line 1 of build_args"),
    ("a port without a divider", DEPLOYMENT + "    ports: '80'\n", "KS067", "4:5", "line 1 of ports"),
    ("two stacks of one project", "stacks:\n- {name: a, config: {server: s, repo: a/b}}\n- {name: b, config: {server: s, repo: a/b, project_name: a}}\nservers: [{name: s}]\n", "KS070", "3:44", "stack/b and stack/a both run as `a` on `s`"),
    ("a stack that is to be stopped on a swarm", "stacks:\n- {name: a, state: stopped, config: {swarm: s, repo: a/b}}\nswarms: [{name: s}]\n", "KS048", "2:13", "stack/a is to be stopped on `swarm/s`"),
    ("a deployment that is", "deployments:\n- {name: a, state: stopped, config: {swarm: s, server: x, image: {type: Image, params: {image: b}}}}\nswarms: [{name: s}]\nservers: [{name: x}]\n", "KS048", "2:13", "everything runs or is taken down"),
    ("two deployments of one container", "deployments:\n- {name: a, config: {swarm: s, custom_name: x, image: {type: Image, params: {image: i}}}}\n- {name: b, config: {swarm: s, custom_name: x, image: {type: Image, params: {image: i}}}}\nswarms: [{name: s}]\n", "KS070", "3:32", "both run as `x`"),
    ("a stack's own name is another's project", "stacks:\n- {name: b, config: {server: s, repo: a/b, project_name: a}}\n- {name: a, config: {server: s, repo: a/b}}\nservers: [{name: s}]\n", "KS070", "3:3", "stack/a and stack/b"),
]  # fmt: skip

SILENT = [
    ("files on the host are a source", STACK + "    server: s\n    files_on_host: true\nservers: [{name: s}]\n"),
    ("nowhere to run, nothing to run", STACK + "    links: [a]\n"),
    ("a template needs no source", "stacks:\n- {name: a, template: true, config: {server: s}}\nservers: [{name: s}]\n"),
    ("omitted fields are kept", "stacks:\n- {name: a, omitted_fields: keep, config: {server: s}}\nservers: [{name: s}]\n"),
    ("a default beside a linked repo", STACK + "    linked_repo: r\n    branch: main\nrepos: [{name: r}]\n"),
    ("polling that is kept", "stacks:\n- {name: a, omitted_fields: keep, config: {auto_update: true}}\n"),
    ("polling that somebody else manages", "stacks:\n- {name: a, ignore: [config.poll_for_updates], config: {repo: a/b, auto_update: true}}\n"),
    ("an auto update from elsewhere", STACK + "    repo: a/b\n    auto_update: ${env:AUTO:-true}\n    poll_for_updates: false\n    auto_update_all_services: true\n"),
    ("the command that a wrapper is put around", STACK + "    repo: a/b\n    compose_cmd_wrapper: 'op run -- [[COMPOSE_COMMAND]]'\n"),
    ("the wrapper of somebody else", STACK + "    repo: a/b\n    compose_cmd_wrapper: ${env:WRAPPER:-x}\n"),
    ("services that polling leaves out", STACK + "    repo: a/b\n    poll_for_updates: true\n    auto_update_skip_services: [db]\n"),
    ("a build of nothing nowhere", BUILD + "    image_name: x\n"),
    ("a quote with a hash in it", STACK + "    repo: a/b\n    environment: |\n      A='x#y' # why\n      B='x' # it's\n      C=it's # so\n"),
    ("an auto update that looks", STACK + "    repo: a/b\n    auto_update: true\n    poll_for_updates: true\n"),
    ("nobody looks", STACK + "    repo: a/b\n    auto_update: false\n    poll_for_updates: false\n"),
    ("services below a comment", STACK + COMPOSE + "services: # all\n\n        # the first\n        web: {image: nginx}\n"),
    ("services by an alias", STACK + COMPOSE + "x-a: &a {web: {image: nginx}}\n      services: *a\n"),
    ("services with an anchor", STACK + COMPOSE + "services: &a\n        web: {image: nginx}\n"),
    ("services over several lines", STACK + COMPOSE + "services: {\n        web: {image: nginx}}\n"),
    ("services that an auto update leaves out", STACK + "    repo: a/b\n    auto_update: true\n    poll_for_updates: true\n    auto_update_skip_services: [db]\n"),
    ("a declared variable", STACK + "    repo: a/b\n    environment: {A: '[[REGION]]'}\nvariables: [{name: REGION, value: eu}]\n"),
    ("names are left alone", STACK + "    repo: a/b\n    skip_secret_interp: true\n    environment: {A: '[[REGION]]'}\n"),
    ("a test of bash", STACK + "    repo: a/b\n    pre_deploy: {command: 'if [[ -f x ]]; then true; fi'}\n"),
    ("a script's list of lists", "actions:\n- {name: a, config: {file_contents: 'x = [[y]]'}}\n"),
    ("a variable where YAML would take a list", STACK + COMPOSE + "services:\n        web: {image: nginx, ports: ['[[P]]:80'], command: [[P]]}\nvariables: [{name: P, value: 1}]\n"),
    ("a variable that is no YAML by itself", STACK + COMPOSE + "services:\n        web:\n          image: nginx\n          ports:\n            - [[P]]:80\nvariables: [{name: P, value: 1}]\n"),
    ("a variable with spaces that is no YAML by itself", STACK + COMPOSE + "services:\n        web: {image: [[ P ]]/web}\nvariables: [{name: P, value: x}]\n"),
    ("a variable for all of the services", STACK + COMPOSE + "services: [[P]]\nvariables: [{name: P, value: '{web: {image: x}}'}]\n"),
    ("a variable for the whole text", STACK + "    file_contents: '[[P]]'\nvariables: [{name: P, value: 'services: {web: {image: x}}'}]\n"),
    ("a variable of several lines", STACK + COMPOSE + "services:\n      [[P]]\nvariables: [{name: P, value: '  web: {image: x}'}]\n"),
    ("a secret variable for all of the services", STACK + COMPOSE + "services: [[P]]\nvariables: [{name: P, value: web, is_secret: true}]\n"),
    ("includes are services too", STACK + COMPOSE + "include: [other.yaml]\n"),
    ("contents in braces", STACK + "    file_contents: '{\"services\": {\"web\": {\"image\": \"x\"}}}'\n"),
    ("tags of compose", STACK + COMPOSE + "services:\n        web: {image: nginx, ports: !reset []}\n"),
    ("contents that another source shadows", "stacks:\n- {name: a, omitted_fields: keep, config: {files_on_host: false, file_contents: 'services: {a: {image: x}}'}}\n"),
    ("comments, blanks and dashes", STACK + "    repo: a/b\n    environment: |\n      # comment\n\n      // another\n      - A = 1\n      B: 2 # why\n"),
    ("one port twice", DEPLOYMENT + "    ports: |\n      53: 53/tcp\n      53: 53/udp\n"),
    ("a version that nobody counts", BUILD + "    version: 1.2.3\n    auto_increment_version: false\n"),
    ("the version of nothing", BUILD + "    version: 0.0.0\n"),
    ("one project on two servers", "stacks:\n- {name: a, config: {server: s, repo: a/b}}\n- {name: b, config: {server: t, repo: a/b, project_name: a}}\nservers: [{name: s}, {name: t}]\n"),
    ("a template of one project", "stacks:\n- {name: a, config: {server: s, repo: a/b}}\n- {name: b, template: true, config: {server: s, repo: a/b, project_name: a}}\nservers: [{name: s}]\n"),
    ("a stack and a deployment of one name", "stacks:\n- {name: a, config: {server: s, repo: a/b}}\ndeployments:\n- {name: a, config: {server: s, image: {type: Image, params: {image: i}}}}\nservers: [{name: s}]\n"),
    *((f"the schedule {schedule}", P % f"schedule: '{schedule}', schedule_format: Cron") for schedule in CRON),
    *((f"the schedule {schedule}", P % f"schedule: '{schedule}'") for schedule in ENGLISH),
    ("a schedule that is off", P % "schedule: nonsense, schedule_enabled: false"),
    ("a schedule of elsewhere", P % "schedule: '${env:WHEN:-x}', schedule_format: Cron"),
    ("a time zone", P % "schedule: every day, schedule_timezone: America/New_York"),
    ("a rename with its volumes", "stacks: [{name: a, renamed_from: b, config: {repo: x/y, project_name: b}}]\n"),
    ("a rename without volumes", "repos: [{name: a, renamed_from: b}]\n"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "place", "words"), [case[1:] for case in FOUND], ids=[case[0] for case in FOUND]
)
def test_what_is_seldom_meant_is_a_warning(read: Write, text: str, code: str, place: str, words: str) -> None:
    [found] = read(text).diagnostics
    assert (found.code, found.severity, str(found.span)) == (code, Severity.WARNING, f"m.yaml:{place}")
    assert words in found.message
    assert found.help


@pytest.mark.parametrize(
    ("text", "code", "place", "words"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_what_cannot_work_is_an_error(read: Write, text: str, code: str, place: str, words: str) -> None:
    loaded = read(text)
    [found] = loaded.diagnostics
    assert (found.code, found.severity, str(found.span)) == (code, Severity.ERROR, f"m.yaml:{place}")
    assert words in found.message
    assert loaded.desired.failed


@pytest.mark.parametrize("text", [case[1] for case in SILENT], ids=[case[0] for case in SILENT])
def test_what_is_meant_is_not_spoken_of(read: Write, text: str) -> None:
    assert read(text).diagnostics == ()


def test_a_variable_is_told_of_once_with_the_nearest_name(read: Write) -> None:
    loaded = read(
        "variables: [{name: REGION, value: eu}]\n"
        "builds: [{name: b, config: {build_args: {A: '[[REGIO]]'}}}]\n"
        "stacks: [{name: a, config: {repo: x/y, environment: {A: '[[REGIO]]', B: '[[REGIO]]'}}}]\n"
    )
    [found] = loaded.diagnostics
    assert (found.code, str(found.span)) == ("KS064", "m.yaml:2:29")
    assert "(named 2 times, here first)" in found.message
    assert found.help.startswith("did you mean REGION?")


def test_a_line_that_cannot_be_read_is_not_shown(read: Write) -> None:
    loaded = read(STACK + "    repo: a/b\n    environment: |\n      A=1\n      hunter2\n")
    assert "hunter2" not in repr(loaded.diagnostics)


def test_a_file_s_contents_are_told_of_where_it_is_named(read: Write) -> None:
    loaded = read(STACK + "    file_contents: !file compose.yaml\n", {"compose.yaml": "services:\n\tweb: {}\n"})
    [found] = loaded.diagnostics
    assert (found.code, str(found.span)) == ("KS065", "m.yaml:4:5")
    assert "(its line 2)" in found.message


def test_lines_of_toml_are_pointed_at_too(read: Write) -> None:
    text = '[[stack]]\nname = "web"\n[stack.config]\nrepo = "a/b"\nenvironment = """\nA = 1\nDEBUG\n"""\n'
    [found] = read(text, name="m.toml").diagnostics
    assert (found.code, str(found.span)) == ("KS067", "m.toml:7:1")
