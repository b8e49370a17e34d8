/// Elapsed seconds of the slots of one pass (one row of the table of docs/model.md, section 4).
///
/// `plain` values are for layers that keep their activations, `checkpointed` ones for recomputed layers.
struct PassSlots<Value> {
  /// A slot in the middle of the stage.
  var steady: Checkpointed<Value>
  /// The slot of layer 1, with what it exposes.
  var first: Checkpointed<Value>
  /// The slot of layer L, with what it exposes.
  var last: Checkpointed<Value>
  /// The only slot of a one-layer stage.
  var single: Checkpointed<Value>
  /// As `last`, with the head's collectives and copies beside it.
  var lastWithHead: Checkpointed<Value>
  /// As `single`, with the head's collectives and copies beside it.
  var singleWithHead: Checkpointed<Value>
  /// What the embedding's transfers expose.
  var embedding: Value
}

/// A value for a layer that keeps its activations and one for a recomputed layer.
struct Checkpointed<Value> {
  /// Activations kept.
  var plain: Value
  /// Forward repeated in backward.
  var checkpointed: Value
}

extension Checkpointed: Equatable where Value: Equatable {}

/// The four passes of a stage: which row of the table holds for a micro-batch.
struct StageSlots<Value> {
  /// Forward of the first micro-batch (carries the previous optimizer step).
  var forwardFirst: PassSlots<Value>
  /// Forward of the others.
  var forward: PassSlots<Value>
  /// Backward of all but the last.
  var backward: PassSlots<Value>
  /// Backward of the last micro-batch (carries the reduction).
  var backwardLast: PassSlots<Value>
}

extension PassSlots {
  /// Slots made of two others, field by field.
  static func combine(
    _ a: PassSlots<Value>, _ b: PassSlots<Value>, with operation: (Value, Value) -> Value
  ) -> PassSlots<Value> {
    func pair(_ field: KeyPath<PassSlots<Value>, Checkpointed<Value>>) -> Checkpointed<Value> {
      let (x, y) = (a[keyPath: field], b[keyPath: field])
      return Checkpointed(
        plain: operation(x.plain, y.plain), checkpointed: operation(x.checkpointed, y.checkpointed))
    }
    return PassSlots(
      steady: pair(\.steady), first: pair(\.first), last: pair(\.last), single: pair(\.single),
      lastWithHead: pair(\.lastWithHead), singleWithHead: pair(\.singleWithHead),
      embedding: operation(a.embedding, b.embedding))
  }

  /// All values in a fixed order: the columns of a tape.
  var values: [Value] {
    [steady, first, last, single, lastWithHead, singleWithHead].flatMap { [$0.plain, $0.checkpointed] } + [embedding]
  }

  /// Number of `values`.
  static var count: Int { 13 }

  /// From `values` in their order, starting at `start`.
  init(values: (Int) -> Value, start: Int) {
    func pair(_ index: Int) -> Checkpointed<Value> {
      Checkpointed(plain: values(start + 2 * index), checkpointed: values(start + 2 * index + 1))
    }
    self.init(
      steady: pair(0), first: pair(1), last: pair(2), single: pair(3), lastWithHead: pair(4), singleWithHead: pair(5),
      embedding: values(start + 12))
  }
}
