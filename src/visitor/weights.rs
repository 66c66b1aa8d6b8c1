//! How much each kind of event says.

use super::event::{Event, EventKind, OWN_KINDS};
use super::observation::{Interaction, Meaning, Observation, Part};
use super::power::power;
use crate::decimal::Decimal;
use crate::error::{Error, Result};
use crate::model::Model;

/// How events become observations. The defaults of recency and ratings are those that `cargo xtask bench visitor`
/// found; a dislike's and a skip's follow the lowest rating by judgement, for want of data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EventWeights {
    /// Of a like, towards 1.
    pub like: f32,
    /// What each unit of a like's value adds to its weight: training's `--confidence`. 0 unless told, as in pages, where
    /// likes have no values.
    pub confidence: f32,
    /// Of a dislike, towards -1.
    pub dislike: f32,
    /// Of the highest rating, towards 1; half of it for the middle one. Below that a rating speaks towards -1, at
    /// the lowest as a dislike does.
    pub rate: f32,
    /// Of a view of [`EventWeights::full_view`] seconds or more, towards 1; less for a shorter one.
    pub view: f32,
    /// Of a purchase, towards 1.
    pub purchase: f32,
    /// Of a skip, towards -1.
    pub skip: f32,
    /// Of an item that is put into the basket, towards 1.
    pub cart: f32,
    /// Of one that is put onto a list, towards 1.
    pub wishlist: f32,
    /// Of a click, towards 1.
    pub click: f32,
    /// Of an item that was shown, towards -1.
    pub impression: f32,
    /// Of one that was searched for, towards 1.
    pub search: f32,
    /// Of the kinds that a page names itself, towards 1; of those below 0 towards -1.
    pub own: [f32; OWN_KINDS],
    /// Lowest and highest rating.
    pub scale: (f64, f64),
    /// Dwell time in seconds that counts in full.
    pub full_view: f64,
    /// The part of its weight that an event keeps however much older than the visitor's newest one it is, 0 to 1;
    /// 1 turns recency off.
    pub remains: f32,
    /// Milliseconds in which half of the rest is gone.
    pub half_life: f64,
}

impl Default for EventWeights {
    fn default() -> Self {
        EventWeights {
            like: 1.0,
            confidence: 0.0,
            dislike: 0.3,
            rate: 1.0,
            view: 0.5,
            purchase: 1.0,
            skip: 0.05,
            cart: 0.7,
            wishlist: 0.7,
            click: 0.2,
            impression: 0.0,
            search: 0.5,
            own: [0.0; OWN_KINDS],
            scale: (1.0, 5.0),
            full_view: 30.0,
            remains: 0.1,
            half_life: 120_000.0,
        }
    }
}

impl EventWeights {
    /// Those of a page, with which an interaction of a file ([`Event::of_interaction`]) counts as in the model's
    /// training. The scale of ratings is wide enough for all of `values`.
    pub fn of_interactions(model: &Model, values: impl IntoIterator<Item = f32>) -> EventWeights {
        let default = EventWeights::default();
        let (mut low, mut high) = default.scale;
        for value in values.into_iter().map(f64::from).filter(|value| value.is_finite()) {
            (low, high) = (low.min(value), high.max(value));
        }
        EventWeights { scale: (low, high), confidence: Interaction::of(model).confidence(), ..default }
    }

    /// Checks that fold-in can work with these.
    ///
    /// # Errors
    /// [`Problem::Argument`] for a weight outside 0 to 1000, a scale that does not rise, or a time that is not
    /// above 0.
    pub fn check(&self) -> Result<()> {
        let EventWeights { like, dislike, rate, view, purchase, skip, scale, full_view, .. } = *self;
        let EventWeights { cart, wishlist, click, impression, search, own, .. } = *self;
        let EventWeights { confidence, remains, half_life, .. } = *self;
        let weights = [like, dislike, rate, view, purchase, skip, cart, wishlist, click, impression, search];
        if let Some(&wrong) = own.iter().find(|weight| !(-1000.0..=1000.0).contains(*weight)) {
            return Err(Error::argument("weights", "numbers from -1000 to 1000", Decimal(wrong.into())));
        }
        if let Some(&wrong) = weights.iter().find(|weight| !(0.0..=1000.0).contains(*weight)) {
            return Err(Error::argument("weights", "numbers from 0 to 1000", Decimal(wrong.into())));
        }
        if !(0.0..f32::INFINITY).contains(&confidence) {
            return Err(Error::argument("confidence", "a number of 0 or more", Decimal(confidence.into())));
        }
        let (low, high) = scale;
        if !(low < high && (high - low).is_finite()) {
            let found = format_args!("{} to {}", Decimal(low), Decimal(high));
            return Err(Error::argument("scale", "a lowest and a higher highest rating", found));
        }
        if !(full_view > 0.0 && full_view.is_finite()) {
            return Err(Error::argument("fullView", "seconds above 0", Decimal(full_view)));
        }
        if !(0.0..=1.0).contains(&remains) {
            return Err(Error::argument("remains", "a number from 0 to 1", Decimal(remains.into())));
        }
        if !(half_life > 0.0 && half_life.is_finite()) {
            return Err(Error::argument("halfLife", "a time above 0", Decimal(half_life)));
        }
        Ok(())
    }

    /// What `event` says to a model whose targets mean `meaning`.
    ///
    /// In a model of ratings a rating is itself; whatever else speaks for an item is the best rating, and what
    /// speaks against it the worst.
    ///
    /// # Errors
    /// [`Problem::Argument`] for a missing rating, one outside the scale, a negative dwell time, or a number
    /// that is not finite.
    pub fn observe(&self, event: &Event, meaning: Meaning) -> Result<Observation> {
        if !event.time.is_finite() {
            return Err(Error::argument("time", "milliseconds since 1970", Decimal(event.time)));
        }
        let (target, weight) = match event.kind {
            EventKind::Like => (1.0, self.like * self.confidence(event.value)),
            EventKind::Dislike => (-1.0, self.dislike),
            EventKind::Purchase => (1.0, self.purchase),
            EventKind::Skip => (-1.0, self.skip),
            EventKind::Rate => self.rating(event.value)?,
            EventKind::View => (1.0, self.view * self.dwell(event.value)?),
            EventKind::Cart => (1.0, self.cart),
            EventKind::Wishlist => (1.0, self.wishlist),
            EventKind::Click => (1.0, self.click),
            EventKind::Search => (1.0, self.search),
            EventKind::Impression => (-1.0, self.impression),
            EventKind::Uncart => (1.0, 0.0),
            own => {
                let weight = own.own().map_or(0.0, |at| self.own[at]);
                (if weight < 0.0 { -1.0 } else { 1.0 }, weight.abs())
            }
        };
        let (target, weight) = match (meaning, event.kind, event.value) {
            (Meaning::Preference, ..) => (target, weight),
            (Meaning::Rating, EventKind::Rate, Some(rating)) => (rating as f32, self.rate),
            (Meaning::Rating, ..) if target > 0.0 => (self.scale.1 as f32, weight),
            (Meaning::Rating, ..) => (self.scale.0 as f32, weight),
        };
        Ok(Observation { item: event.item, target, weight })
    }

    /// The target above which an observation speaks for its item.
    pub(super) fn neutral(&self, meaning: Meaning) -> f32 {
        match meaning {
            Meaning::Preference => 0.0,
            Meaning::Rating => ((self.scale.0 + self.scale.1) / 2.0) as f32,
        }
    }

    /// How much of its weight an event of this age has.
    pub(super) fn part(&self, milliseconds: f64) -> Part {
        let lasting = f64::from(self.remains);
        Part { lasting, fading: (1.0 - lasting) * self.faded(milliseconds) }
    }

    /// What is left of what fades after so many milliseconds more.
    pub(super) fn faded(&self, milliseconds: f64) -> f64 {
        power(0.5, milliseconds / self.half_life)
    }

    fn rating(&self, value: Option<f64>) -> Result<(f32, f32)> {
        let (low, high) = self.scale;
        let value = value.filter(|value| (low..=high).contains(value)).ok_or_else(|| {
            let [low, high, found] = [low, high, value.unwrap_or(f64::NAN)].map(Decimal);
            Error::argument("value", format_args!("a rating from {low} to {high}"), found)
        })?;
        let middle = (low + high) / 2.0;
        let strength = ((value - middle) / (high - middle)) as f32;
        Ok(match strength >= 0.0 {
            true => (1.0, self.rate * (1.0 + strength) / 2.0),
            false => (-1.0, self.rate * self.dislike * -strength),
        })
    }

    /// What a like of this value weighs in training.
    fn confidence(&self, value: Option<f64>) -> f32 {
        match value {
            Some(value) if self.confidence > 0.0 => 1.0 + self.confidence * value as f32,
            _ => 1.0,
        }
    }

    fn dwell(&self, value: Option<f64>) -> Result<f32> {
        match value {
            None => Ok(1.0),
            Some(seconds) if seconds >= 0.0 => Ok((seconds / self.full_view).min(1.0) as f32),
            Some(other) => Err(Error::argument("value", "a dwell time of 0 seconds or more", Decimal(other))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observe(kind: EventKind, value: Option<f64>) -> Result<Observation> {
        EventWeights::default().observe(&Event { item: 7, kind, value, time: 0.0 }, Meaning::Preference)
    }

    #[test]
    fn values_outside_their_range_are_refused_by_name() {
        for value in [None, Some(0.9), Some(5.1), Some(f64::NAN)] {
            assert_eq!(observe(EventKind::Rate, value).unwrap_err().field(), Some("value"));
        }
        for value in [-1.0, f64::NAN, f64::NEG_INFINITY] {
            assert_eq!(observe(EventKind::View, Some(value)).unwrap_err().field(), Some("value"));
        }
    }

    #[test]
    fn weights_that_make_no_sense_are_refused_by_name() {
        let refused = |change: fn(&mut EventWeights)| {
            let mut weights = EventWeights::default();
            change(&mut weights);
            weights.check().unwrap_err().field().unwrap()
        };
        assert_eq!(refused(|w| w.like = -1.0), "weights");
        assert_eq!(refused(|w| w.skip = f32::NAN), "weights");
        assert_eq!(refused(|w| w.scale = (5.0, 1.0)), "scale");
        assert_eq!(refused(|w| w.scale = (f64::NAN, 1.0)), "scale");
        assert_eq!(refused(|w| w.full_view = 0.0), "fullView");
        assert_eq!(refused(|w| w.remains = 1.5), "remains");
        assert_eq!(refused(|w| w.half_life = f64::INFINITY), "halfLife");
        assert!(EventWeights::default().check().is_ok());
    }

    #[test]
    fn a_rating_speaks_for_its_item_from_the_middle_on_and_against_it_below() {
        let said = |value| observe(EventKind::Rate, Some(value)).map(|o| (o.target, o.weight)).unwrap();
        assert_eq!(said(5.0), (1.0, 1.0));
        assert_eq!(said(4.0), (1.0, 0.75));
        assert_eq!(said(3.0), (1.0, 0.5));
        assert_eq!(said(2.0), (-1.0, 0.15));
        assert_eq!(said(1.0), (-1.0, 0.3));
    }

    #[test]
    fn a_model_of_ratings_is_told_ratings() {
        let said = |kind, value| {
            let event = Event { item: 7, kind, value, time: 0.0 };
            let observed = EventWeights::default().observe(&event, Meaning::Rating).unwrap();
            (observed.target, observed.weight)
        };
        assert_eq!(said(EventKind::Rate, Some(4.0)), (4.0, 1.0));
        assert_eq!(said(EventKind::Rate, Some(3.0)), (3.0, 1.0));
        assert_eq!(said(EventKind::Like, None), (5.0, 1.0));
        assert_eq!(said(EventKind::Skip, None), (1.0, 0.05));
    }

    #[test]
    fn what_does_not_remain_halves_with_each_half_life() {
        let weights = EventWeights { remains: 0.5, half_life: 1000.0, ..EventWeights::default() };
        let part = |milliseconds| weights.part(milliseconds).total();
        assert_eq!([0.0, 1000.0, 2000.0, f64::INFINITY].map(part), [1.0, 0.75, 0.625, 0.5]);
        assert_eq!(EventWeights { remains: 1.0, ..weights }.part(0.0), Part::WHOLE);
    }
}
