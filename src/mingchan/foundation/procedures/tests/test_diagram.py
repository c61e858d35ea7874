"""Drawings that a county uploads: what can't be used is named, whoever made the file."""

import pytest

from mingchan.foundation.procedures import diagram, drawing, engine, pack
from mingchan.foundation.procedures.diagram import BadDiagram

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:m="urn:mingchan:procedure" '
    'targetNamespace="t" id="d"><process id="p" name="流程" isExecutable="true">'
)
FOOT = "</process></definitions>"
PLAIN = (
    '<startEvent id="s"/><userTask id="a" name="审核" m:role="finance"/><endEvent id="e" m:outcome="APPROVED"/>'
    '<sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="e"/>'
)


def codes(body: str) -> set[str]:
    try:
        diagram.read(f"{HEAD}{body}{FOOT}".encode())
    except BadDiagram as error:
        return {fault.code for fault in error.faults}
    return set()


def test_a_plain_drawing_is_read() -> None:
    assert codes(PLAIN) == set()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (PLAIN + '<scriptTask id="x"/>', "forbidden_element"),
        (PLAIN + '<serviceTask id="x"/>', "forbidden_element"),
        (PLAIN + '<callActivity id="x"/>', "forbidden_element"),
        (PLAIN + '<subProcess id="x"/>', "forbidden_element"),
        (PLAIN + '<boundaryEvent id="x"/>', "forbidden_element"),
        (PLAIN + '<intermediateCatchEvent id="x"><timerEventDefinition/></intermediateCatchEvent>',
         "forbidden_element"),
        (PLAIN + '<businessRuleTask id="x"/>', "forbidden_element"),
        (PLAIN + '<x:evil xmlns:x="urn:other"/>', "forbidden_element"),
        (PLAIN.replace('m:role="finance"', ""), "no_role"),
        (PLAIN.replace('name="审核"', ""), "no_name"),
        (PLAIN.replace('id="a"', 'id="1a"').replace('"a"', '"1a"'), "bad_id"),
        (PLAIN.replace('m:role="finance"', 'm:role="finance" m:days="0"'), "bad_days"),
        (PLAIN.replace('m:role="finance"', 'm:role="finance" m:kind="magic"'), "unknown_kind"),
        (PLAIN.replace("APPROVED", "MAYBE"), "no_approval_end"),
        (PLAIN + '<userTask id="b" name="另" m:role="audit"/><sequenceFlow id="f3" sourceRef="b" targetRef="e"/>',
         "never_reached"),
        (PLAIN + '<startEvent id="s2"/>', "one_start"),
        (PLAIN + '<sequenceFlow id="f3" sourceRef="a" targetRef="nowhere"/>', "loose_flow"),
        (PLAIN + '<endEvent id="e2" m:outcome="REJECTED"/><sequenceFlow id="f3" sourceRef="a" targetRef="e2"/>',
         "split_without_gateway"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(body: str, code: str) -> None:
    assert code in codes(body)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"not xml", "no_xml"),
        (b"<a/>", "one_process"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "doctype"),
        (b'<!DOCTYPE z [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><z>&b;</z>', "doctype"),
        (b"<a>" + b" " * (600 * 1024) + b"</a>", "too_large"),
        (b"\x00\xff", "no_xml"),
    ],
)
def test_hostile_files_are_refused(content: bytes, code: str) -> None:
    with pytest.raises(BadDiagram) as caught:
        diagram.read(content)
    assert code in {fault.code for fault in caught.value.faults}


def _fork(join_from: tuple[str, ...], end: str = "") -> str:
    """Two reviews side by side, joined from the named ones."""
    flows = "".join(f'<sequenceFlow id="j{n}" sourceRef="{one}" targetRef="j"/>' for n, one in enumerate(join_from))
    return (
        '<startEvent id="s"/><parallelGateway id="f"/><userTask id="a" name="甲" m:role="finance"/>'
        '<userTask id="b" name="乙" m:role="audit"/><parallelGateway id="j"/><endEvent id="e" m:outcome="APPROVED"/>'
        '<sequenceFlow id="x1" sourceRef="s" targetRef="f"/><sequenceFlow id="x2" sourceRef="f" targetRef="a"/>'
        '<sequenceFlow id="x3" sourceRef="f" targetRef="b"/><sequenceFlow id="x4" sourceRef="j" targetRef="e"/>'
        f"{flows}{end}"
    )


def test_ways_that_get_stuck_or_leave_a_branch_behind_are_found() -> None:
    assert codes(_fork(("a", "b"))) == set()
    assert "ends_too_early" in codes(_fork(("a",), '<sequenceFlow id="y" sourceRef="b" targetRef="e"/>'))
    stuck = (
        '<startEvent id="s"/><exclusiveGateway id="c" default="k1"/><userTask id="a" name="甲" m:role="finance"/>'
        '<userTask id="b" name="乙" m:role="audit"/><parallelGateway id="j"/><endEvent id="e" m:outcome="APPROVED"/>'
        '<sequenceFlow id="k0" sourceRef="s" targetRef="c"/><sequenceFlow id="k1" sourceRef="c" targetRef="a"/>'
        '<sequenceFlow id="k2" sourceRef="c" targetRef="b">'
        "<conditionExpression>x == 1</conditionExpression></sequenceFlow>"
        '<sequenceFlow id="k3" sourceRef="a" targetRef="j"/><sequenceFlow id="k4" sourceRef="b" targetRef="j"/>'
        '<sequenceFlow id="k5" sourceRef="j" targetRef="e"/>'
    )
    assert codes(stuck) == {"stuck"}


def test_every_drawing_of_the_pack_can_be_used_and_drawn() -> None:
    for code, content in pack.procedure_files().items():
        found = diagram.read(content.encode())
        picture = drawing.picture(found)
        assert len(picture.shapes) == len(found.nodes), code
        assert all(shape.box.x >= 0 and shape.box.x + shape.box.width <= picture.width for shape in picture.shapes)
        assert diagram.read(drawing.with_layout(content.encode())).nodes.keys() == found.nodes.keys()


def test_a_joint_review_that_was_sent_back_waits_for_every_seat_again() -> None:
    content = pack.procedure_files()["disposal"].encode()
    seats = ("finance_review", "poverty_review", "audit_review", "bureau_review")
    facts: dict[str, object] = {}

    def answer(run: engine.Run, node: str, said: str) -> engine.Run:
        token = next(waiting.token for waiting in run.waiting if waiting.node == node)
        facts[node] = said
        return engine.complete(run.text, token, facts, lambda _code, _facts: None)

    run = engine.begin(content, facts, lambda _code, _facts: None)
    for seat in seats:
        run = answer(run, seat, "RETURN" if seat == "audit_review" else "AGREE")
    assert [waiting.node for waiting in run.waiting] == ["revise"]
    run = answer(run, "revise", "DONE")
    for number, seat in enumerate(reversed(seats), start=1):
        assert len(run.waiting) == len(seats) + 1 - number, "the review goes on only when every seat has spoken again"
        run = answer(run, seat, "AGREE")
    assert [waiting.node for waiting in run.waiting] == ["county"]
