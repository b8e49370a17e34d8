/// SKELETON: to be written.
struct TorchtitanExporter: LaunchExporter {
  func refusals(_ plan: Plan, of workload: Workload) -> [LaunchRefusal] {
    [LaunchRefusal(what: "export is not written yet")]
  }

  func files(_ job: LaunchJob) -> [LaunchFile] { [] }
}
