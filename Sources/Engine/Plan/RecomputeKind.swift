/// What the recomputed layers of a stage compute again in backward (docs/model.md, section 6).
public enum RecomputeKind: String, Sendable, Hashable, CaseIterable {
  /// The whole layer: only its input is kept.
  case full
  /// The attention core (scores, softmax, products with them): all but its inside is kept. Megatron-LM's `selective`.
  case selective
  /// All but flash attention and every other matrix product, whose outputs are kept. torchtitan's per-operator choice.
  case selectiveOperators = "selective-op"
}
