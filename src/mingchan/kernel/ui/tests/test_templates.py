"""Every template of the house parses and calls the kit by the names and arguments it has."""

from pathlib import Path

from jinja2 import FileSystemLoader, nodes

from mingchan.kernel.ui.environment import environment

SOURCE = Path(__file__).resolve().parents[3]


def house():
    folders = [folder for folder in SOURCE.rglob("templates") if folder.is_dir()]
    return environment(autoescape=True, loader=FileSystemLoader(folders))


def faults_of(env, name, source):
    kit = env.get_template("ui/kit.html").module
    tree = env.parse(source)
    for call in tree.find_all(nodes.Call):
        target = call.node
        if not (isinstance(target, nodes.Getattr) and getattr(target.node, "name", "") == "kit"):
            continue
        macro = getattr(kit, target.attr, None)
        known = set(macro.arguments) if macro else set()
        if macro is None or len(call.args) > len(known) or {word.key for word in call.kwargs} - known:
            yield f"{name}:{call.lineno}: kit.{target.attr}"
    for used in tree.find_all(nodes.Filter):
        if used.name not in env.filters:
            yield f"{name}:{used.lineno}: |{used.name}"


def test_every_template_calls_the_kit_rightly():
    env = house()
    found = [
        fault for name in env.list_templates() for fault in faults_of(env, name, env.loader.get_source(env, name)[0])
    ]
    assert found == []


def test_a_wrong_call_is_noticed():
    source = (
        '{% import "ui/kit.html" as kit %}\n{{ kit.stat(1) }}{{ kit.nothing() }}\n{{ kit.badge("x", colour="red") }}'
    )
    assert list(faults_of(house(), "a.html", source)) == ["a.html:2: kit.nothing", "a.html:3: kit.badge"]


def test_no_template_carries_inline_style_or_handlers():
    env = house()
    found = [
        name
        for name in env.list_templates()
        for word in (" style=", " onclick=", " onchange=", " onsubmit=", "javascript:", "|safe")
        if word in env.loader.get_source(env, name)[0]
    ]
    assert found == []
