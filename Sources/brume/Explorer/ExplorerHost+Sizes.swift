import Engine
import TUI

extension ExplorerHost {
  /// Sweeps the sizes of the cluster on a thread of its own; points are posted as they are found, and stay where it is
  /// cancelled.
  func sweepSizes(_ request: TuneRequest, ticket: Int) {
    sizing?.cancel()
    let token = CancelToken()
    sizing = token
    let (workload, mailbox) = (session.workload, mailbox)
    let clock = MonotonicClock()
    Self.detach {
      let sweep = FrontierSweep(
        workload: workload, request: request, cancel: token, now: { clock.seconds },
        onEvent: { event in
          if case .progress(let progress) = event { mailbox.post(.sizes(.progress(progress), ticket: ticket)) }
        },
        onPoint: { mailbox.post(.sizes(.point($0), ticket: ticket)) })
      _ = sweep.points(.gpus)
      mailbox.post(.sizes(.done, ticket: ticket))
    }
  }
}
