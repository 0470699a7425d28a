import Foundation
import SiraCLI

@main
enum Entry {
    static func main() async {
        exit(await Program.run(Array(CommandLine.arguments.dropFirst())))
    }
}
