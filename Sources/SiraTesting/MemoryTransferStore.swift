package import SiraCore
package import SiraStorage
import Synchronization

/// Books in memory, without a limit.
package final class MemoryTransferStore: TransferStore {
    private struct State {
        var transfers: [ChainedTransfer] = []
        var places: [String: Int] = [:]
        var balances: [String: NanoUSD] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    package func append(
        _ transfer: Transfer,
        keeping floors: [BalanceFloor],
        link: @escaping @Sendable (Transfer, ChainHead) -> ChainedTransfer
    ) async throws -> AppendedTransfer {
        try state.withLock { state in
            if let place = state.places[transfer.key] {
                let first = state.transfers[place]
                guard first.transfer.saysTheSame(as: transfer) else {
                    throw TransferStoreError.keyTaken(transfer.key)
                }
                return AppendedTransfer(chained: first, isNew: false)
            }
            var balances = state.balances
            for account in Set(transfer.postings.map(\.account)) {
                let before = balances[account] ?? .zero
                guard let change = transfer.change(of: account) else {
                    throw TransferStoreError.outOfRange(account: account)
                }
                let (after, overflow) = before.nanos.addingReportingOverflow(change.nanos)
                guard !overflow else { throw TransferStoreError.outOfRange(account: account) }
                if change < .zero, let floor = floors.first(where: { $0.account == account }),
                    after < floor.minimum.nanos
                {
                    throw TransferStoreError.belowFloor(account: account, balance: before, minimum: floor.minimum)
                }
                balances[account] = NanoUSD(nanos: after)
            }
            let chained = link(transfer, state.transfers.last.map { ChainHead($0) } ?? .start)
            state.places[transfer.key] = state.transfers.count
            state.transfers.append(chained)
            state.balances = balances
            return AppendedTransfer(chained: chained, isNew: true)
        }
    }

    package func balance(of account: String) async throws -> NanoUSD {
        state.withLock { $0.balances[account] ?? .zero }
    }

    package func balances(startingWith prefix: String) async throws -> [String: NanoUSD] {
        state.withLock { $0.balances.filter { $0.key.hasPrefix(prefix) } }
    }

    package func turnovers(startingWith prefix: String) async throws -> [String: [Transfer.Kind: NanoUSD]] {
        var turnovers: [String: [Transfer.Kind: NanoUSD]] = [:]
        for transfer in state.withLock({ $0.transfers.map(\.transfer) }) {
            for posting in transfer.postings where posting.account.hasPrefix(prefix) {
                turnovers[posting.account, default: [:]][transfer.kind, default: .zero] += posting.amount
            }
        }
        return turnovers
    }

    package func transfers(_ filter: TransferFilter) async throws -> [ChainedTransfer] {
        let found = state.withLock { $0.transfers.filter(filter.matches) }
        return Array((filter.isNewestFirst ? found.reversed() : found).prefix(filter.limit))
    }

    package func head() async throws -> ChainHead {
        state.withLock { $0.transfers.last.map { ChainHead($0) } ?? .start }
    }
}
