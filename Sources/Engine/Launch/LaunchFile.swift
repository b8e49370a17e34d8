/// A file that a launcher runs or reads.
public struct LaunchFile: Sendable, Equatable {
  /// Its name inside the folder of the export: letters, digits, dots, dashes and underscores, and slashes between folders.
  public var name: String
  /// All of its text.
  public var text: String
  /// A script that is run by its name.
  public var isExecutable: Bool

  /// A file.
  public init(name: String, text: String, isExecutable: Bool = false) {
    self.name = name
    self.text = text
    self.isExecutable = isExecutable
  }
}
