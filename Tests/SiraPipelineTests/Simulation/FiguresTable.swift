import Foundation
import SiraCore

/// Figures of simulations, for people.
struct FiguresTable {
    private(set) var text = """
        | What happens | Requests | Served | Attempts each | First token, median | 99 % within | |
        | --- | --- | --- | --- | --- | --- | --- |

        """

    /// - Parameter remark: what else is worth knowing.
    mutating func add(_ title: String, _ result: SimulationResult, _ remark: String = "") {
        let cells = [
            title, Self.grouped(result.clients.count), Self.percent(result.served, digits: 2),
            Self.decimal(result.amplification, digits: 2), Self.seconds(result.firstToken(0.5)),
            Self.seconds(result.firstToken(0.99)), remark,
        ]
        text += "| " + cells.joined(separator: " | ") + " |\n"
    }

    static func seconds(_ time: Duration) -> String { decimal(time / .seconds(1), digits: 2) + " s" }

    static func percent(_ share: Double, digits: Int = 1) -> String { decimal(share * 100, digits: digits) + " %" }

    static func decimal(_ number: Double, digits: Int) -> String {
        String(format: "%.\(digits)f", number)
    }

    private static func grouped(_ count: Int) -> String {
        count < 1_000 ? "\(count)" : "\(count / 1_000)," + String(format: "%03d", count % 1_000)
    }
}
