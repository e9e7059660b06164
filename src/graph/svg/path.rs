//! Smooth lines through the points that dagre leads them by.

use super::number;
use crate::graph::layout::Point;

fn mix(points: &[(Point, f64)]) -> Point {
    let weight: f64 = points.iter().map(|(_, weight)| weight).sum();
    let sum =
        |of: fn(&Point) -> f64| points.iter().map(|(point, weight)| of(point) * weight).sum::<f64>() / weight;
    Point { x: sum(|point| point.x), y: sum(|point| point.y) }
}

fn shown(point: Point) -> String {
    format!("{} {}", number(point.x), number(point.y))
}

/// A cubic B-spline that begins at the first point and ends at the last, as the `d` of a path. It leaves the first towards
/// the second and reaches the last from the one before it.
pub(super) fn spline(points: &[Point]) -> String {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return String::new() };
    let mut path = format!("M{}", shown(*first));
    if points.len() > 2 {
        if let [one, two, ..] = points {
            path.push_str(&format!("L{}", shown(mix(&[(*one, 5.0), (*two, 1.0)]))));
        }
        // The last point twice, so that the curve comes near it.
        let closed: Vec<Point> = points.iter().chain([last]).copied().collect();
        for three in closed.windows(3) {
            if let [before, here, after] = three {
                let early = mix(&[(*before, 2.0), (*here, 1.0)]);
                let late = mix(&[(*before, 1.0), (*here, 2.0)]);
                let end = mix(&[(*before, 1.0), (*here, 4.0), (*after, 1.0)]);
                path.push_str(&format!("C{} {} {}", shown(early), shown(late), shown(end)));
            }
        }
    }
    path.push_str(&format!("L{}", shown(*last)));
    path
}

/// The point in the middle of a line's points.
pub(super) fn middle(points: &[Point]) -> Option<Point> {
    let at = points.len() / 2;
    match points.len() % 2 {
        1 => points.get(at).copied(),
        _ => Some(mix(&[(*points.get(at.checked_sub(1)?)?, 1.0), (*points.get(at)?, 1.0)])),
    }
}

/// A point `along` pixels from `tip` towards `back`, and `aside` pixels to the side.
pub(super) fn off(tip: Point, back: Point, along: f64, aside: f64) -> Point {
    let (dx, dy) = (back.x - tip.x, back.y - tip.y);
    let length = dx.hypot(dy).max(0.001);
    let (dx, dy) = (dx / length, dy / length);
    Point { x: tip.x + dx * along - dy * aside, y: tip.y + dy * along + dx * aside }
}
