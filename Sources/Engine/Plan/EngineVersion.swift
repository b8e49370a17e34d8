/// The version of the engine: predictions of the same version, workload and plan are the same to the last bit.
public enum EngineVersion {
  /// `major.minor.patch`.
  public static let current = "0.1.0"
}
