import Foundation

/// A file that another one names, in the same folder: the only kind that an importer opens.
enum LaunchSibling {
  /// Its text, at most 1 MB.
  ///
  /// Throws where the name has a slash or leads elsewhere, where it is no regular file, or cannot be read; `place` is
  /// where it is named.
  static func text(_ name: String, at place: InputPlace, _ context: LaunchContext) throws(InputError) -> String {
    let name = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
    guard !name.isEmpty, name != ".", name != "..", !name.contains("/"), !name.contains("\\"),
      !name.unicodeScalars.contains(where: { $0.value < 32 })
    else {
      throw .unsupported(
        at: place, what: "'\(name)' is not in the folder of \(context.file)",
        remedy: "only files beside it are read: copy it there and name it without a folder")
    }
    let folder = context.folder ?? ""
    let path = folder.isEmpty ? name : folder + "/" + name
    // Attributes are those of a link itself: a link is no regular file.
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let kind = attributes?[.type] as? FileAttributeType else {
      throw .unsupported(
        at: place, what: "'\(name)' is not beside \(context.file)", remedy: "put it there, or import it by itself")
    }
    guard kind == .typeRegular else {
      throw .unsupported(at: place, what: "'\(name)' is no plain file", remedy: "copy it beside \(context.file)")
    }
    return try ConfigNode.readText(path)
  }
}
