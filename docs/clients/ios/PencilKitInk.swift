// PencilKit's drawing → strokes. PencilKit counts points from the top left, as Glyphline does.
#if canImport(PencilKit)
import PencilKit

/// The strokes of a drawing, in drawing order.
public func strokes(of drawing: PKDrawing) -> [PointStroke] {
    var latest = -Double.infinity
    return drawing.strokes.map { stroke in
        var result = PointStroke(x: [], y: [], t: [])
        let begin = stroke.path.creationDate.timeIntervalSince1970 * 1000
        // the path's own points steer a curve and do not lie on it
        for point in stroke.path.interpolatedPoints(by: .time(1.0 / 120)) {
            let place = point.location.applying(stroke.transform)
            latest = max(latest, begin + point.timeOffset * 1000)
            result.x.append(Double(place.x))
            result.y.append(Double(place.y))
            result.t?.append(latest)
        }
        return result
    }
}
#endif
