extension Launcher {
  /// Writes its files.
  public var exporter: any LaunchExporter {
    switch self {
    case .megatronLM: MegatronExporter()
    case .deepspeed: DeepSpeedExporter()
    case .accelerate: AccelerateExporter()
    case .torchtitan: TorchtitanExporter()
    case .mist: MistExporter()
    }
  }

  /// Reads its files; `read(_:as:_:)` checks what comes of it.
  var importer: any LaunchImporter {
    switch self {
    case .megatronLM: MegatronImporter()
    case .deepspeed: DeepSpeedImporter()
    case .accelerate: AccelerateImporter()
    case .torchtitan: TorchtitanImporter()
    case .mist: MistImporter()
    }
  }
}
