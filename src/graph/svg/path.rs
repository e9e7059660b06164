use super::number;
use crate::graph::curve;
use crate::graph::layout::Point;

fn shown(point: Point) -> String {
    format!("{} {}", number(point.x), number(point.y))
}

/// The spline that `points` lead, as the `d` of a path.
pub(super) fn spline(points: &[Point]) -> String {
    let Some(first) = points.first() else { return String::new() };
    let pieces = curve::spline(points);
    let piece =
        |[_, early, late, end]: &curve::Piece| format!("C{} {} {}", shown(*early), shown(*late), shown(*end));
    format!("M{}{}", shown(*first), pieces.iter().map(piece).collect::<String>())
}

/// A point `along` pixels from `tip` towards `back`, and `aside` pixels to the side.
pub(super) fn off(tip: Point, back: Point, along: f64, aside: f64) -> Point {
    let (dx, dy) = (back.x - tip.x, back.y - tip.y);
    let length = dx.hypot(dy).max(0.001);
    let (dx, dy) = (dx / length, dy / length);
    Point { x: tip.x + dx * along - dy * aside, y: tip.y + dy * along + dx * aside }
}
