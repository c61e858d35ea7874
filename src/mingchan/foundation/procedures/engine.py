"""The engine behind procedures (流程引擎): SpiffWorkflow, seen from here only.

Values in, values out: a run is text (the workflow with its diagram, as JSON), so that a case keeps the version that it
began with. Nothing wakes by itself; nothing is executed but conditions in the language of `expressions`.

Two habits of the library are put right here, for a file that was sent back would pass on half of its second review:
its joins count what arrived in an earlier round again, and merging branches lets stale data win over fresh. So joins
count arrivals against firings, and conditions are asked of the case's own facts, never of data carried by tokens.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, full_tag
from SpiffWorkflow.bpmn.parser.task_parsers import GatewayParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default import ParallelGatewayConverter
from SpiffWorkflow.bpmn.specs.defaults import ParallelGateway, UserTask
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from mingchan.foundation.procedures import diagram, expressions
from mingchan.foundation.procedures.expressions import Decide


class Broken(Exception):
    """A run that the engine can't go on with; the message is for the log, not for people."""


class Waiting(NamedTuple):
    """A step that a run waits at: the node, and the token, which differs each time round a loop."""

    node: str
    token: str


class Run(NamedTuple):
    """A run between two steps: its text, where it waits, where it has been, and the end it came to (or "")."""

    text: str
    waiting: tuple[Waiting, ...]
    passed: tuple[str, ...]
    end: str


class _Environment(BasePythonScriptEngineEnvironment):
    """Evaluates conditions in our own language and refuses everything else the engine could be asked to do."""

    def __init__(self, facts: Mapping[str, Any], decide: Decide) -> None:
        super().__init__()
        self.facts, self.decide = facts, decide

    def evaluate(self, expression: str, context: Any, external_context: Any = None) -> Any:
        return expressions.value_of(expression, self.facts, self.decide)

    def execute(self, script: str, context: Any, external_context: Any = None) -> Any:
        raise Broken(f"a script was to be run: {script[:40]}")

    def call_service(self, context: Any, **_given: Any) -> Any:
        raise Broken("a service was to be called")


class CountingGateway(ParallelGateway):
    """A parallel gateway that fires when on each way in more tokens arrived than it has fired times."""

    def _check_threshold_unstructured(self, my_task: Task) -> bool:
        arrived = Counter({source.name: 0 for source in self.inputs})
        fired = 0
        for task in my_task.workflow.get_tasks(spec_name=self.name):
            if task is not my_task and task.state == TaskState.COMPLETED:
                fired += 1
            if task.parent is not None and task.parent.state == TaskState.COMPLETED:
                arrived[task.parent.task_spec.name] += 1
        return all(count > fired for count in arrived.values())


class _Parser(BpmnParser):
    """Reads the elements that `diagram` lets through. A waiting step is one that somebody completes, like a task."""

    OVERRIDE_PARSER_CLASSES = {
        full_tag("receiveTask"): (TaskParser, UserTask),
        full_tag("parallelGateway"): (GatewayParser, CountingGateway),
    }


@cache
def _serializer() -> BpmnWorkflowSerializer:
    config = {**DEFAULT_CONFIG, CountingGateway: ParallelGatewayConverter}
    return BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(config))


def begin(content: bytes, facts: Mapping[str, Any], decide: Decide) -> Run:
    """A run of the diagram from its start. Raises BadDiagram for a file that may not be used, Broken if it fails."""
    found = diagram.read(content)
    parser = _Parser()
    try:
        parser.add_bpmn_xml(etree.fromstring(content).getroottree())
        engine = PythonScriptEngine(_Environment(facts, decide))
        return _advance(BpmnWorkflow(parser.get_spec(found.process), script_engine=engine))
    except (SpiffWorkflowException, expressions.Unreadable) as error:
        raise Broken(_why(error)) from error


def complete(text: str, token: str, facts: Mapping[str, Any], decide: Decide) -> Run:
    """Go on after a step; `facts` are all that the case knows by now, the step's own result among them.

    Raises Broken for a token that doesn't wait or a run that fails.
    """
    workflow = _serializer().deserialize_json(text)
    workflow.script_engine = PythonScriptEngine(_Environment(facts, decide))
    task = next((task for task in _ready(workflow) if str(task.id) == token), None)
    if task is None:
        raise Broken(f"the run doesn't wait at {token}")
    try:
        task.run()
        return _advance(workflow)
    except (SpiffWorkflowException, expressions.Unreadable) as error:
        raise Broken(_why(error)) from error


def _why(error: BaseException) -> str:
    """What broke: our own word where one lies behind the library's."""
    behind: BaseException | None = error
    while behind is not None:
        if isinstance(behind, Broken):
            return str(behind)
        behind = behind.__cause__ or behind.__context__
    return str(error)


def _ready(workflow: BpmnWorkflow) -> Sequence[Task]:
    return [task for task in workflow.get_tasks(state=TaskState.READY) if isinstance(task.task_spec, UserTask)]


def _advance(workflow: BpmnWorkflow) -> Run:
    workflow.do_engine_steps()
    known = workflow.spec.task_specs
    waiting = tuple(Waiting(task.task_spec.bpmn_id, str(task.id)) for task in _ready(workflow))
    done = sorted(workflow.get_tasks(state=TaskState.COMPLETED), key=lambda task: task.last_state_change)
    passed = tuple(task.task_spec.bpmn_id for task in done if getattr(task.task_spec, "bpmn_id", None) in _ids(known))
    if waiting:
        end = ""
    else:
        ends = [task.task_spec.bpmn_id for task in done if type(task.task_spec).__name__ == "EndEvent"]
        if not ends:
            raise Broken("the run neither waits nor ended")
        end = ends[-1]
    return Run(_serializer().serialize_json(workflow), waiting, passed, end)


def _ids(specs: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(spec.bpmn_id for spec in specs.values() if getattr(spec, "bpmn_id", None))
