extension LaunchPlace {
  /// What the launcher of a program says, with what torchrun and Accelerate take where they are not told: one node.
  ///
  /// DeepSpeed's launcher takes its nodes from a host file, which is not read.
  static func read(_ program: LaunchedProgram, configuration: LaunchOptions = .none) -> LaunchPlace {
    var place = read(LaunchOptions(file: configuration.file, all: configuration.all + program.launcher.all))
    let isSingle = program.launcher["standalone"] != nil || program.launcher["nnodes"] == nil
    if program.starter == .torchrun, isSingle, place.nodes == nil {
      place.nodes = Count(count: 1, place: InputPlace(file: program.options.file, line: program.line))
    }
    return place
  }
}
