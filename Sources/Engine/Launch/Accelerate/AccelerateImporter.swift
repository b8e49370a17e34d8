/// SKELETON: to be written.
struct AccelerateImporter: LaunchImporter {
  func read(_ text: String, _ context: LaunchContext) throws(InputError) -> LaunchImport {
    throw .unsupported(at: InputPlace(file: context.file), what: "import is not written yet", remedy: "wait")
  }
}
