import Testing

/// Whole files, and what is said of them.
@Suite("Refusing files")
struct RefusedFileTests {
  static let files = Refusal.table(
    """
    → run.yaml:1:1: found an empty configuration, expected a mapping; begin with "name: …" and "task: digits"

    # nothing but a comment
    → run.yaml:1:1: found an empty configuration, expected a mapping; begin with "name: …" and "task: digits"

    - a
    - b
    → run.yaml:1:1: found a list, expected a mapping of name, claim, task, model, inner, evaluation, rates, hypergradient, outer, checkpoint, history, seed, precision, testRuns or ablation

    digits
    → run.yaml:1:1: found "digits", expected a mapping of name, claim, task, model, inner, evaluation, rates, hypergradient, outer, checkpoint, history, seed, precision, testRuns or ablation

    task: digits
    → run.yaml:1:1: name: found nothing, expected the experiment's name; add it

    name: a
    → run.yaml:1:1: task: found nothing, expected a task: ‹tasks›; add it

    name: 5
    task: digits
    → run.yaml:1:7: name: found 5, expected a text that is not empty; write "5" in quotes

    name: a/b
    task: digits
    → run.yaml:1:7: name: found "a/b", expected up to 100 letters, digits, "-", "_" and ".", as it names a folder

    name: ""
    task: digits
    → run.yaml:1:7: name: found the text "", expected a text that is not empty

    name: a
    task: { validation: 0.5 }
    → run.yaml:2:7: task: found a mapping without kind, expected a task: ‹tasks›; add "kind: digits"

    name: a
    task: mnist
    → run.yaml:2:7: task: found "mnist", expected a task: ‹tasks›

    name: a
    task: omniglot
    → run.yaml:2:7: task: found "omniglot", expected a task: ‹tasks›; Omniglot's archives are for fewShot: { kind: fewShot, file: images_background.zip }

    name: a
    task: table
    → run.yaml:2:7: task.file: found nothing, expected the path of a file; add it

    name: a
    task: { kind: digits, validation: 0 }
    → run.yaml:2:35: task.validation: found 0, expected a number above 0, below 1

    name: a
    task: { kind: digits, test: 1 }
    → run.yaml:2:29: task.test: found 1, expected a number from 0, below 1

    name: a
    task: { kind: digits, validation: 0.5, test: 0.5 }
    → run.yaml:2:46: task.test: found 0.5 beside validation 0.5, expected a sum below 1; training gets the rest

    name: a
    task: { kind: digits, validation: 0.8 }
    → run.yaml:2:35: task.validation: found 0.8 beside test 0.25, expected a sum below 1; training gets the rest

    name: a
    task: { kind: noisyQuadratic, lowest: 2 }
    → run.yaml:2:39: task.lowest: found 2, expected at most highest, 1.0

    name: a
    task: noisyQuadratic
    model: mlp
    → run.yaml:3:8: model: found a model, expected none: the task noisyQuadratic is its own; remove it, from the command line with model=null

    name: a
    task: tracking
    model: mlp
    → run.yaml:3:8: model: found a model, expected none: the task tracking is its own; remove it, from the command line with model=null

    name: a
    task: { kind: tracking, inputs: 3, relevant: 4 }
    → run.yaml:2:46: task.relevant: found 4, expected at most inputs, 3

    name: a
    task: { kind: noisyQuadratic, expectation: "true" }
    → run.yaml:2:44: task.expectation: found the text "true", expected true or false

    name: a
    task: { kind: noisyQuadratic, expectation: 1 }
    → run.yaml:2:44: task.expectation: found 1, expected true or false

    name: a
    task: { kind: noisyQuadratic, expectation: true }
    inner: { optimizer: momentum }
    → run.yaml:3:21: inner.optimizer: found momentum beside task.expectation true, expected plain descent, optimizer sgd and nothing else: the expectation is known of nothing else

    name: a
    task: { kind: noisyQuadratic, expectation: true }
    inner: { clip: normalize }
    → run.yaml:3:16: inner.clip: found clip beside task.expectation true, expected plain descent, optimizer sgd and nothing else: the expectation is known of nothing else

    name: a
    task: { kind: noisyQuadratic, expectation: true }
    inner: { online: { metaRate: 0.1 } }
    → run.yaml:3:18: inner.online: found online beside task.expectation true, expected plain descent, optimizer sgd and nothing else: the expectation is known of nothing else

    name: a
    task: { kind: noisyQuadratic, expectation: true }
    outer: { learn: [rates, initialWeights] }
    → run.yaml:3:17: outer.learn: found initialWeights beside task.expectation true, expected rates alone: its parameters are second moments, which start where they start

    name: a
    task: tracking
    outer: { objective: mean }
    → run.yaml:3:21: outer.objective: found an objective that evaluates every step by the signs of the end, expected training: what the task tracking pays for each example before it learns

    name: a
    task: tracking
    inner: { online: { rule: idbd }, optimizer: adam }
    → run.yaml:3:45: inner.optimizer: found adam beside the rule idbd, expected plain descent, optimizer sgd and nothing else: idbd is a step of its own

    name: a
    task: { kind: teacher, teacherHidden: 3 }
    → run.yaml:2:39: task.teacherHidden: found 3, expected a list of layer sizes; write [3]

    name: a
    task: { kind: teacher, teacher: new }
    → run.yaml:2:33: task.teacher: found "new", expected a teacher: fresh or fixed

    name: a\u{7}
    task: digits
    → run.yaml:1:8: found broken YAML: control characters are not allowed
    """)

  @Test("a file that is wrong as a whole", arguments: files)
  func refusesFiles(refusal: Refusal) {
    #expect(errorText(of: refusal.found) == refusal.message)
  }
}
