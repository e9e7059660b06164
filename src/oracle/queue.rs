use std::collections::{BTreeMap, BTreeSet};

use super::{EventId, Order};

/// An event that enough have seen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Approved {
    /// Which.
    pub id: EventId,
    /// The height at which it came up.
    pub first_height: i64,
    /// Its place on a topic.
    pub order: Option<Order>,
}

/// What becomes of approved events in this block. Those in neither list wait for events before them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Queue {
    /// To be applied, in this order.
    pub apply: Vec<EventId>,
    /// Another event has taken their place on the topic: they can never be applied.
    pub superseded: Vec<EventId>,
}

type Place = (i64, EventId);
/// Events by topic and by the point they want to follow.
type Chained<'a> = BTreeMap<(&'a str, Option<i64>), Vec<(Place, usize)>>;

/// Orders approved events by the height at which they came up and their ids. Of each topic it takes the connected prefix:
/// an event comes when the one it names as the one before is the topic's last. `heads` has the last point of each topic.
/// What an action does with an event plays no part, so that one that fails does not block those behind it.
pub fn queue(approved: &[Approved], heads: &BTreeMap<String, i64>) -> Queue {
    let mut heads = heads.clone();
    let mut ready: BTreeSet<(Place, usize)> = BTreeSet::new();
    let mut chained: Chained<'_> = BTreeMap::new();
    for (index, event) in approved.iter().enumerate() {
        let place = ((event.first_height, event.id), index);
        match &event.order {
            None => drop(ready.insert(place)),
            Some(order) => chained.entry((&order.topic, order.previous)).or_default().push(place),
        }
    }
    let topics: BTreeSet<&str> = chained.keys().map(|(topic, _)| *topic).collect();
    for topic in topics {
        ready.extend(chained.get(&(topic, heads.get(topic).copied())).into_iter().flatten());
    }
    let mut queue = Queue::default();
    let mut taken = BTreeSet::new();
    while let Some(((_, id), index)) = ready.pop_first() {
        if let Some(order) = approved.get(index).and_then(|event| event.order.as_ref()) {
            if heads.get(&order.topic).copied() != order.previous {
                continue;
            }
            heads.insert(order.topic.clone(), order.point);
            ready.extend(chained.get(&(&*order.topic, Some(order.point))).into_iter().flatten());
        }
        taken.insert(id);
        queue.apply.push(id);
    }
    let is_late = |event: &&Approved| !taken.contains(&event.id) && is_superseded(event, &heads);
    queue.superseded = approved.iter().filter(is_late).map(|event| event.id).collect();
    queue.superseded.sort();
    queue
}

/// True if the topic has gone past the point that the event wants to follow.
fn is_superseded(event: &Approved, heads: &BTreeMap<String, i64>) -> bool {
    event.order.as_ref().is_some_and(|order| order.previous < heads.get(&order.topic).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(number: u8, first_height: i64, order: Option<(&str, Option<i64>, i64)>) -> Approved {
        let order = order.map(|(topic, previous, point)| Order { topic: topic.into(), previous, point });
        Approved { id: EventId([number; 32]), first_height, order }
    }

    fn numbers(ids: &[EventId]) -> Vec<u8> {
        ids.iter().map(|id| id.0[0]).collect()
    }

    fn run(approved: &[Approved], heads: &[(&str, i64)]) -> (Vec<u8>, Vec<u8>) {
        let heads = heads.iter().map(|(topic, point)| ((*topic).to_owned(), *point)).collect();
        let queue = queue(approved, &heads);
        let mut reversed: Vec<Approved> = approved.to_vec();
        reversed.reverse();
        assert_eq!(super::queue(&reversed, &heads), queue, "the order they are given in plays no part");
        (numbers(&queue.apply), numbers(&queue.superseded))
    }

    #[test]
    fn unordered_events_come_by_height_and_id() {
        assert_eq!(run(&[event(3, 1, None), event(1, 2, None), event(2, 1, None)], &[]).0, [2, 3, 1]);
    }

    #[test]
    fn a_topic_gives_its_connected_prefix() {
        let chain = [
            event(4, 1, Some(("t", None, 10))),
            event(3, 1, Some(("t", Some(10), 20))),
            event(2, 1, Some(("t", Some(20), 30))),
            event(1, 1, Some(("t", Some(40), 50))),
        ];
        assert_eq!(run(&chain, &[]), (vec![4, 3, 2], vec![]));
        assert_eq!(run(&chain[1..], &[]), (vec![], vec![]));
        assert_eq!(run(&chain[1..], &[("t", 10)]), (vec![3, 2], vec![]));
        assert_eq!(run(&chain, &[("t", 40)]), (vec![1], vec![2, 3, 4]));
        assert_eq!(run(&chain, &[("other", 10)]), (vec![4, 3, 2], vec![]));
    }

    #[test]
    fn one_event_a_point_and_the_first_wins() {
        let fork = [
            event(1, 2, Some(("t", None, 5))),
            event(2, 1, Some(("t", None, 5))),
            event(3, 3, Some(("t", None, 4))),
            event(4, 3, Some(("t", Some(5), 6))),
        ];
        assert_eq!(run(&fork, &[]), (vec![2, 4], vec![1, 3]));
    }

    #[test]
    fn topics_do_not_wait_for_each_other() {
        let mixed = [
            event(1, 5, Some(("a", None, 1))),
            event(2, 1, Some(("a", Some(1), 2))),
            event(3, 4, Some(("b", None, 1))),
            event(4, 6, None),
            event(5, 1, Some(("c", Some(1), 2))),
        ];
        assert_eq!(run(&mixed, &[]), (vec![3, 1, 2, 4], vec![]));
    }
}
