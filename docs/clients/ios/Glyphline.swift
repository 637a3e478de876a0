// A client of Glyphline for iOS 15, macOS 12 and later, without libraries: copy it into your project.
//
//   let answer = try await Glyphline(URL(string: "https://your.server")!).read(RecognizeRequest(strokes: strokes))
//   label.text = answer.text
//
// It sends strokes of points, one drawing or several, and flat pictures. Strokes as pictures, frames and include are
// left to you.
import Foundation

/// One stroke: columns of one length; x and y in points, y down; t in ms from any origin, never decreasing.
public struct PointStroke: Codable {
    public var x: [Double]
    public var y: [Double]
    public var t: [Double]?

    public init(x: [Double], y: [Double], t: [Double]? = nil) {
        self.x = x
        self.y = y
        self.t = t
    }
}

/// A drawing and how to read it; what is nil is left to the server.
public struct RecognizeRequest: Codable {
    public var strokes: [PointStroke]
    public var alphabet: String?
    public var lexicon: [String]?
    public var groups: [[Int]]?
    public var alternatives: Int?

    public init(
        strokes: [PointStroke], alphabet: String? = nil, lexicon: [String]? = nil, groups: [[Int]]? = nil,
        alternatives: Int? = nil
    ) {
        self.strokes = strokes
        self.alphabet = alphabet
        self.lexicon = lexicon
        self.groups = groups
        self.alternatives = alternatives
    }
}

public struct BatchRequest: Codable {
    public var items: [RecognizeRequest]
}

public struct TextAlternative: Codable {
    public var text: String
    public var confidence: Double
}

public struct CharAlternative: Codable {
    public var char: String?
    public var confidence: Double
}

public struct BoxAnswer: Codable {
    public var x: Double
    public var y: Double
    public var width: Double
    public var height: Double
}

/// Points of a stroke; the end is exclusive.
public struct Part: Codable {
    public var stroke: Int
    public var begin: Int
    public var end: Int
}

/// One character of the text; nil: ink that is none. Times are ms, nil without.
public struct GlyphAnswer: Codable {
    public var char: String?
    public var confidence: Double
    public var alternatives: [CharAlternative]
    public var box: BoxAnswer
    public var line: Int
    public var word: Int
    public var strokes: [Int]
    public var parts: [Part]?
    public var start: Double?
    public var end: Double?
}

public struct ModelName: Codable {
    public var name: String
    public var version: String
}

public struct Answer: Codable {
    public var text: String
    public var confidence: Double
    public var alternatives: [TextAlternative]
    public var glyphs: [GlyphAnswer]
    public var alphabet: String
    public var model: ModelName
}

/// One thing wrong with a request: where, as a JSON pointer, and what.
public struct Fault: Codable {
    public var pointer: String
    public var detail: String
}

/// The server refused: RFC 9457.
public struct Problem: Codable, Error {
    public var title: String
    public var status: Int
    public var detail: String
    public var errors: [Fault]?
}

/// A problem, and the id that finds the call in the server's log.
public struct GlyphlineError: Error {
    public let problem: Problem
    public let requestID: String?
    let retryAfter: Double

    /// Whether the same may be sent again: not where errors say what must change first.
    var again: Bool {
        return [408, 429, 502, 503].contains(problem.status) && (problem.errors ?? []).isEmpty
    }
}

public struct Glyphline {
    private let api: URL
    private let attempts: Int

    public init(_ address: URL, attempts: Int = 4) {
        api = address.appendingPathComponent("api/v1")
        self.attempts = attempts
    }

    /// What the strokes say.
    public func read(_ request: RecognizeRequest, requestID: String = UUID().uuidString) async throws -> Answer {
        let body = try JSONEncoder().encode(request)
        return try await post("recognize", [], body, "application/json", requestID)
    }

    /// The same for a PNG, JPEG or WebP file, for example the pngData() of a UIImage.
    public func read(
        picture: Data, type: String = "image/png", alphabet: String? = nil, lexicon: [String] = [],
        alternatives: Int? = nil, requestID: String = UUID().uuidString
    ) async throws -> Answer {
        var query = lexicon.map { URLQueryItem(name: "lexicon", value: $0) }
        if let alphabet = alphabet {
            query.append(URLQueryItem(name: "alphabet", value: alphabet))
        }
        if let alternatives = alternatives {
            query.append(URLQueryItem(name: "alternatives", value: String(alternatives)))
        }
        return try await post("recognize", query, picture, type, requestID)
    }

    /// Up to 64 drawings in one call: for each an answer, or its problem.
    public func read(
        _ requests: [RecognizeRequest], requestID: String = UUID().uuidString
    ) async throws -> [Result<Answer, Problem>] {
        let body = try JSONEncoder().encode(BatchRequest(items: requests))
        let batch: Batch = try await post("recognize/batch", [], body, "application/json", requestID)
        return batch.results.map { $0.result }
    }

    /// Reading stores nothing, so it is simply asked again where the server has no time or does not answer.
    private func post<Reply: Decodable>(
        _ call: String, _ query: [URLQueryItem], _ body: Data, _ type: String, _ requestID: String
    ) async throws -> Reply {
        var request = URLRequest(url: address(of: call, query), timeoutInterval: 20)
        request.httpMethod = "POST"
        request.httpBody = body
        request.setValue(type, forHTTPHeaderField: "Content-Type")
        request.setValue(requestID, forHTTPHeaderField: "X-Request-ID")
        var attempt = 1
        while true {
            let pause: Double
            do {
                return try await once(request)
            } catch let refused as GlyphlineError where refused.again && attempt < attempts {
                pause = refused.retryAfter
            } catch let nothing as URLError where nothing.code != .cancelled && attempt < attempts {
                pause = 0.25 * pow(2, Double(attempt))
            }
            try await Task.sleep(nanoseconds: UInt64(pause * 1_000_000_000))
            attempt += 1
        }
    }

    private func once<Reply: Decodable>(_ request: URLRequest) async throws -> Reply {
        let (data, response) = try await URLSession.shared.data(for: request)
        guard let http = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
        if http.statusCode < 400, let reply = try? JSONDecoder().decode(Reply.self, from: data) { return reply }
        // a proxy, or a hotspot's page to log in, answers with something else
        let foreign = Problem(
            title: HTTPURLResponse.localizedString(forStatusCode: http.statusCode), status: http.statusCode,
            detail: "this is no answer of Glyphline", errors: nil)
        throw GlyphlineError(
            problem: (try? JSONDecoder().decode(Problem.self, from: data)) ?? foreign,
            requestID: http.value(forHTTPHeaderField: "X-Request-ID"),
            retryAfter: Double(http.value(forHTTPHeaderField: "Retry-After") ?? "") ?? 1)
    }

    private func address(of call: String, _ query: [URLQueryItem]) -> URL {
        let plain = api.appendingPathComponent(call)
        guard !query.isEmpty, var parts = URLComponents(url: plain, resolvingAgainstBaseURL: false) else { return plain }
        parts.queryItems = query
        // a plus sign stands for a space in a query, and Foundation leaves it as it is
        parts.percentEncodedQuery = parts.percentEncodedQuery?.replacingOccurrences(of: "+", with: "%2B")
        return parts.url ?? plain
    }
}

private struct Batch: Decodable {
    let results: [Item]
}

/// What comes of one drawing among several: a problem has a status, an answer has none.
private struct Item: Decodable {
    let result: Result<Answer, Problem>

    init(from decoder: Decoder) throws {
        if let problem = try? Problem(from: decoder) {
            result = .failure(problem)
        } else {
            result = .success(try Answer(from: decoder))
        }
    }
}
