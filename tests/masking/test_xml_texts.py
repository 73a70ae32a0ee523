"""Secrets in an XML whose name stands beside them. Every secret is called hunter2, every other value is public."""

from __future__ import annotations

import json

import pytest

from komodo_sync.masking.mask import shown_text

VALUES = ["hunter2", "#hunter2|;x", "&amp;hunter2&lt;", "(hunter2)-=", "hunter2, ]", "=hunter2'", "hun ter2 hunter2="]
FORMS = [
    '<param name="password">%s</param>',
    '<param name="private-key">%s</param><param name="hostname">public</param>',
    "<param name='password' type=\"public\">\n  %s\n</param>\n<param name='username'>public</param>",
    '<entry key="password">%s</entry>',
    '<entry key="db.password" x="public">%s</entry>',
    '<string name="api_key">%s</string>',
    '<property id="a" name="secretKey">\n%s\nhunter2\n</property>',
    '<param name="private-key"><![CDATA[%s\nhunter2]]></param>',
    "<property><name>db.password</name><value>%s</value></property><x>public</x>",
    "<property>\n  <name>db.password</name>\n  <value>%s</value>\n  <final>public</final>\n</property>",
    "<property>\n  <name>\n db.password\n</name>\n <a>public</a>\n <value>\n%s\n</value></property>",
    "<property><value>%s</value><name>db.password</name></property>",
    "<context-param><param-name>apiToken</param-name><param-value>%s</param-value></context-param>",
    '<setting name="password"><value>%s</value></setting>',
    '<setting name="password" serializeAs="public">\n  <!-- public -->\n  <value>%s</value>\n</setting>',
    "<dict><key>password</key><string>%s</string><x>public</x></dict>",
    "<password>%s</password>",
]
ATTRIBUTES = [
    '<add key="ApiKey" value="%s"/>',
    '<add value="%s" other="public" key="ApiKey" />',
    '<property name="db.password" type="public"\n  value="%s"/>',
    "<add key='ApiKey' value='%s'/>",
    '<input name="password" type="public" value="%s">',
    '<meta name="csrf-token" content="%s">',
]
SHOWS = """
<param name="hostname">public</param>
<entry key="password">${PASSWORD}</entry>
<param name="private-key">/run/secrets/key</param>
<param name="password"></param><param name="port">22</param>
<setting name="password"><value></value></setting><setting name="x"><value>public</value></setting>
<property><name>db.user</name><value>public</value></property>
<property><name>db.password.file</name><value>public</value></property>
<label id="password">Your password</label><button name="token">public</button>
<property name="token.enabled" value="true"/>
a < b && c > d </x>
""".strip().splitlines()


@pytest.mark.parametrize("form", [*FORMS, *ATTRIBUTES])
@pytest.mark.parametrize("value", VALUES)
def test_what_is_named_beside_is_hidden_and_the_rest_is_told(form: str, value: str) -> None:
    text = form.replace("%s", value.replace("'", "") if form in ATTRIBUTES else value)
    for each in (
        text,
        "configs:\n  c:\n    content: |\n" + "".join(f"      {line}\n" for line in text.split("\n")),
        "configs:\n  c:\n    content: " + json.dumps(text),
        "a = '''\n" + text + "\n'''",
    ):
        seen = shown_text(each)
        assert "ter2" not in seen
        assert "(secret)" in seen
        assert seen.count("public") == each.count("public")
        assert len(seen.split("\n")) == len(each.split("\n"))
        assert "ter2" not in shown_text(seen)


@pytest.mark.parametrize("text", SHOWS)
def test_what_is_no_secret_is_shown(text: str) -> None:
    assert shown_text(text) == text


def test_the_name_of_what_an_element_holds_is_told() -> None:
    assert shown_text('<entry key="password">X1</entry>') == '<entry key="password">(secret)</entry>'
    assert "hunter2Key" not in shown_text('<x key="hunter2Key"/>')
    assert "hunter2Key" not in shown_text('<x key="hunter2Key"></x>')
