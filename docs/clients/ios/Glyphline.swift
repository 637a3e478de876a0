// A client of Glyphline for iOS 15, macOS 12 and later, without libraries: copy it into your project.
//
//   let answer = try await Glyphline(URL(string: "https://your.server")!).read(RecognizeRequest(strokes: strokes))
//   label.text = answer.text
import Foundation

/// One stroke: columns of one length; x and y in points, y down; t in ms from any origin, never decreasing.
public struct PointStroke: Codable {
    public var x: [Double]
    public var y: [Double]
    public var t: [Double]?
}

public struct RecognizeRequest: Codable {
    public var strokes: [PointStroke]
    public var alphabet: String = "auto"
    public var alternatives: Int = 3

    public init(strokes: [PointStroke], alphabet: String = "auto", alternatives: Int = 3) {
        self.strokes = strokes
        self.alphabet = alphabet
        self.alternatives = alternatives
    }
}

public struct CharAlternative: Codable {
    public var char: String?
    public var confidence: Double
}

public struct GlyphAnswer: Codable {
    public var char: String?
    public var confidence: Double
    public var alternatives: [CharAlternative]
    public var strokes: [Int]
}

public struct Answer: Codable {
    public var text: String
    public var confidence: Double
    public var glyphs: [GlyphAnswer]
}

/// The server refused: RFC 9457.
public struct Problem: Codable, Error {
    public var title: String
    public var status: Int
    public var detail: String
}

public struct Glyphline {
    private let api: URL
    private let attempts: Int

    public init(_ address: URL, attempts: Int = 4) {
        api = address.appendingPathComponent("api/v1")
        self.attempts = attempts
    }

    /// What the strokes say.
    public func read(_ request: RecognizeRequest) async throws -> Answer {
        let body = try JSONEncoder().encode(request)
        return try await post("recognize", body, "application/json")
    }

    /// The same for a picture, for example the pngData() of a UIImage.
    public func read(png: Data) async throws -> Answer {
        return try await post("recognize", png, "image/png")
    }

    /// A call stores nothing, so it is simply made again where the server has no time.
    private func post(_ call: String, _ body: Data, _ type: String) async throws -> Answer {
        var request = URLRequest(url: api.appendingPathComponent(call), timeoutInterval: 20)
        request.httpMethod = "POST"
        request.httpBody = body
        request.setValue(type, forHTTPHeaderField: "Content-Type")
        var attempt = 1
        while true {
            let (data, response) = try await URLSession.shared.data(for: request)
            guard let http = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
            if http.statusCode < 400 { return try JSONDecoder().decode(Answer.self, from: data) }
            if ![429, 503].contains(http.statusCode) || attempt >= attempts {
                throw try JSONDecoder().decode(Problem.self, from: data)
            }
            let seconds = Double(http.value(forHTTPHeaderField: "Retry-After") ?? "") ?? 1
            try await Task.sleep(nanoseconds: UInt64(seconds * 1_000_000_000))
            attempt += 1
        }
    }
}
