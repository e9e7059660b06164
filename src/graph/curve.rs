//! Smooth lines: cubic B-splines that begin at their first point and end at their last.

use super::layout::{Point, Rect};

/// A cubic curve: its first point, what it leaves it towards, what it reaches its last from, and its last.
pub(super) type Piece = [Point; 4];

fn mix(points: &[(Point, f64)]) -> Point {
    let weight: f64 = points.iter().map(|(_, weight)| weight).sum();
    let sum =
        |of: fn(&Point) -> f64| points.iter().map(|(point, part)| of(point) * part).sum::<f64>() / weight;
    Point { x: sum(|point| point.x), y: sum(|point| point.y) }
}

/// The spline that `points` lead. It leaves the first towards the second, reaches the last from the one before it, and where
/// three of them are on a line it is straight beside the one in the middle.
pub(super) fn spline(points: &[Point]) -> Vec<Piece> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    // Ends count three times: then the curve begins and ends there.
    let ends = |point: &Point| std::iter::repeat_n(*point, 2);
    let led: Vec<Point> = ends(first).chain(points.iter().copied()).chain(ends(last)).collect();
    let piece = |four: &[Point]| match four {
        [before, one, two, after] => Some([
            mix(&[(*before, 1.0), (*one, 4.0), (*two, 1.0)]),
            mix(&[(*one, 2.0), (*two, 1.0)]),
            mix(&[(*one, 1.0), (*two, 2.0)]),
            mix(&[(*one, 1.0), (*two, 4.0), (*after, 1.0)]),
        ]),
        _ => None,
    };
    led.windows(4).filter_map(piece).collect()
}

/// Points along a spline, close together.
pub(super) fn along(pieces: &[Piece]) -> Vec<Point> {
    const STEPS: u32 = 12;
    let at = |piece: &Piece, step: u32| {
        let t = f64::from(step) / f64::from(STEPS);
        let s = 1.0 - t;
        let [a, b, c, d] = *piece;
        mix(&[(a, s * s * s), (b, 3.0 * s * s * t), (c, 3.0 * s * t * t), (d, t * t * t)])
    };
    pieces.iter().flat_map(|piece| (0..=STEPS).map(move |step| at(piece, step))).collect()
}

/// True if a point of `points` is in `rect`, or nearer to it than `margin`.
pub(super) fn meets(points: &[Point], rect: &Rect, margin: f64) -> bool {
    let inside = |point: &Point| {
        point.x > rect.x - margin
            && point.x < rect.right() + margin
            && point.y > rect.y - margin
            && point.y < rect.bottom() + margin
    };
    points.iter().any(inside)
}

/// The point halfway along a spline.
pub(super) fn halfway(points: &[Point]) -> Option<Point> {
    let all = along(&spline(points));
    let length = |pair: &[Point]| match pair {
        [a, b] => (a.x - b.x).hypot(a.y - b.y),
        _ => 0.0,
    };
    let half = all.windows(2).map(length).sum::<f64>() / 2.0;
    let mut gone = 0.0;
    let pair = all.windows(2).find(|pair| {
        gone += length(pair);
        gone >= half
    });
    pair.and_then(|pair| pair.last().copied()).or(all.first().copied())
}
