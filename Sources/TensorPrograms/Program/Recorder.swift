import Synchronization

/// Where the value of an operand is.
package enum OperandStorage: Sendable {
  case concrete(Buffer)
  /// The same number everywhere, without memory.
  case splat(Double)
  case traced(Recorder, Int)
}

/// A value that an operation can be applied to: elements, one number everywhere, or a variable of a
/// program that is being recorded.
///
/// A class, so that tensors are copied by counting one reference.
///
/// `@unchecked Sendable`: nothing of it changes; what is variable is so for its references to be
/// counted.
package final class Operand: @unchecked Sendable {
  package let type: TensorType
  private var elements: Buffer?
  /// Where the value is if it has no elements.
  private let elsewhere: OperandStorage?

  package init(_ type: TensorType, _ storage: OperandStorage) {
    self.type = type
    if case .concrete(let buffer) = storage {
      (elements, elsewhere) = (buffer, nil)
    } else {
      (elements, elsewhere) = (nil, storage)
    }
  }

  package var storage: OperandStorage { elements.map { .concrete($0) } ?? elsewhere! }

  /// Where the elements are, if there are any; they may be gone before the pointer is.
  var address: UnsafeMutableRawPointer? { elements?.pointer }

  /// Whether the value is that of a trace.
  var isTraced: Bool {
    if case .traced = elsewhere { true } else { false }
  }

  /// The number that all elements are known to be.
  var splat: Double? {
    if case .splat(let value) = elsewhere { value } else { nil }
  }

  /// The elements' storage; stops the program for a traced value, which has none yet.
  package var buffer: Buffer {
    switch storage {
    case .concrete(let buffer): buffer
    case .splat(let value): .repeating(value, count: type.shape.count, as: type.scalar)
    case .traced:
      fatalError("a tensor inside a trace has no elements yet: return it from the traced function")
    }
  }

  /// Whether there are elements to which nothing else refers. Asked of an operand to which nothing
  /// else refers either.
  fileprivate func ownsElementsAlone() -> Bool {
    elements != nil && isKnownUniquelyReferenced(&elements)
  }
}

/// What holds an operand, and nothing else: a tensor.
protocol OperandHolder {
  var operand: Operand { get set }
  init(_ operand: Operand)
}

extension OperandHolder {
  /// Whether nothing else refers to the elements, so that others may be written in their place.
  mutating func ownsElementsAlone() -> Bool {
    isKnownUniquelyReferenced(&operand) && operand.ownsElementsAlone()
  }
}

private let recorderSerials = Atomic<Int>(0)

/// Records the operations of one trace as a program.
///
/// Traces nest: an operation is recorded by the newest recorder among its operands, to which values
/// of older recorders are captured inputs. A traced value used after its trace has closed stops the
/// program with a message that says so.
package final class Recorder: Sendable {
  private struct Key: Hashable {
    let serial: Int
    let variable: Int
  }
  private struct Splat: Hashable {
    let bits: UInt64
    let type: TensorType
  }
  private struct State {
    var program = Program()
    var captures: [Operand] = []
    var captureVariables: [Int] = []
    var known: [Key: Int] = [:]
    var constants: [Buffer: Int] = [:]
    var splats: [Splat: Int] = [:]
    var isOpen = true
  }

  package let serial = recorderSerials.add(1, ordering: .relaxed).newValue
  private let state = Mutex(State())

  package init() {}

  /// A new input of the program.
  package func input(_ type: TensorType) -> Operand {
    state.withLock { state in
      let variable = state.program.define(type)
      state.program.inputs.append(variable)
      return Operand(type, .traced(self, variable))
    }
  }

  /// Records a primitive and returns its results.
  package func record(_ primitive: Primitive, _ operands: [Operand]) -> [Operand] {
    state.withLock { state in
      requireOpen(state)
      let inputs = operands.map { variable(of: $0, in: &state) }
      return state.program.append(primitive, inputs).map {
        Operand(state.program.types[$0], .traced(self, $0))
      }
    }
  }

  /// Closes the trace. The program's inputs are those declared, then the captured ones.
  package func finish(_ outputs: [Operand]) -> (program: Program, captures: [Operand]) {
    state.withLock { state in
      requireOpen(state)
      state.program.outputs = outputs.map { variable(of: $0, in: &state) }
      state.program.inputs += state.captureVariables
      state.isOpen = false
      return (state.program, state.captures)
    }
  }

  private func requireOpen(_ state: State) {
    require(
      state.isOpen,
      "a traced tensor was used after its trace had closed: return it from the traced function")
  }

  private func variable(of operand: Operand, in state: inout State) -> Int {
    switch operand.storage {
    case .traced(let recorder, let variable) where recorder === self:
      return variable
    case .traced(let recorder, let variable):
      require(
        recorder.serial < serial,
        "a traced tensor left the function that it was traced in: return it instead")
      let key = Key(serial: recorder.serial, variable: variable)
      if let known = state.known[key] { return known }
      let captured = state.program.define(operand.type)
      state.captures.append(operand)
      state.captureVariables.append(captured)
      state.known[key] = captured
      return captured
    case .concrete(let buffer):
      if let known = state.constants[buffer], state.program.types[known] == operand.type {
        return known
      }
      let variable = state.program.append(.constant(.array(buffer), operand.type), [])[0]
      state.constants[buffer] = variable
      return variable
    case .splat(let value):
      let key = Splat(bits: value.bitPattern, type: operand.type)
      if let known = state.splats[key] { return known }
      let variable = state.program.append(.constant(.splat(value), operand.type), [])[0]
      state.splats[key] = variable
      return variable
    }
  }
}

extension Recorder {
  /// The newest recorder among the operands; nil where all are concrete.
  package static func newest(_ operands: [Operand]) -> Recorder? {
    var newest: Recorder?
    for case .traced(let recorder, _) in operands.map(\.storage)
    where recorder.serial > (newest?.serial ?? -1) {
      newest = recorder
    }
    return newest
  }
}
