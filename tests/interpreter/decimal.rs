//! Exact decimals and the integers beside them.

use std::cmp::Ordering;
use std::fmt;

use kuneiform::language::DecimalType;
use num_bigint::{BigInt, Sign};

use super::values::{Fault, Value, fault, overflow};

/// `digits / 10^scale`
#[derive(Clone, PartialEq, Debug)]
pub struct Decimal {
    pub digits: BigInt,
    pub scale: u32,
}

pub fn ten_to(power: u32) -> BigInt {
    BigInt::from(10).pow(power)
}

pub fn is_zero(number: &BigInt) -> bool {
    number.sign() == Sign::NoSign
}

/// `numerator / denominator`, half away from zero.
pub fn divide_rounding(numerator: &BigInt, denominator: &BigInt) -> BigInt {
    let negative = (numerator.sign() == Sign::Minus) != (denominator.sign() == Sign::Minus);
    let (numerator, denominator) = (numerator.magnitude().clone(), denominator.magnitude().clone());
    let rounded = (numerator * 2u32 + &denominator) / (denominator * 2u32);
    BigInt::from_biguint(if negative { Sign::Minus } else { Sign::Plus }, rounded)
}

impl Decimal {
    pub fn whole(number: impl Into<BigInt>) -> Decimal {
        Decimal { digits: number.into(), scale: 0 }
    }

    /// Reads `-12.50` and `1e3`.
    pub fn read(text: &str) -> Option<Decimal> {
        let (text, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let unsigned = whole.strip_prefix(['-', '+']).unwrap_or(whole);
        let is_digit = |letter: char| letter.is_ascii_digit();
        if !unsigned.chars().chain(fraction.chars()).all(is_digit) || unsigned.len() + fraction.len() == 0 {
            return None;
        }
        let digits: BigInt = format!("{whole}{fraction}").parse().ok()?;
        let scale = i32::try_from(fraction.len()).ok()? - exponent.parse::<i32>().ok()?;
        Some(match u32::try_from(scale) {
            Ok(scale) => Decimal { digits, scale },
            Err(_) => Decimal { digits: digits * ten_to(scale.unsigned_abs()), scale: 0 },
        })
    }

    /// With so many digits after the point, rounded half away from zero.
    pub fn at_scale(&self, scale: u32) -> Decimal {
        let digits = match scale >= self.scale {
            true => &self.digits * ten_to(scale - self.scale),
            false => divide_rounding(&self.digits, &ten_to(self.scale - scale)),
        };
        Decimal { digits, scale }
    }

    /// In `decimal(p,s)`, or out of range.
    pub fn fit(&self, ty: DecimalType) -> Result<Decimal, Fault> {
        let fitted = self.at_scale(u32::from(ty.scale));
        match *fitted.digits.magnitude() < *ten_to(u32::from(ty.precision)).magnitude() {
            true => Ok(fitted),
            false => Err(overflow()),
        }
    }

    fn aligned(&self, other: &Decimal) -> (BigInt, BigInt, u32) {
        let scale = self.scale.max(other.scale);
        (self.at_scale(scale).digits, other.at_scale(scale).digits, scale)
    }

    pub fn order(&self, other: &Decimal) -> Ordering {
        let (left, right, _) = self.aligned(other);
        left.cmp(&right)
    }

    pub fn add(&self, other: &Decimal) -> Decimal {
        let (left, right, scale) = self.aligned(other);
        Decimal { digits: left + right, scale }
    }

    pub fn subtract(&self, other: &Decimal) -> Decimal {
        let (left, right, scale) = self.aligned(other);
        Decimal { digits: left - right, scale }
    }

    /// Rounded to the larger scale of the two.
    pub fn multiply(&self, other: &Decimal, scale: u32) -> Decimal {
        Decimal { digits: &self.digits * &other.digits, scale: self.scale + other.scale }.at_scale(scale)
    }

    pub fn divide(&self, other: &Decimal, scale: u32) -> Result<Decimal, Fault> {
        let (left, right, _) = self.aligned(other);
        if is_zero(&right) {
            return Err(fault("22012"));
        }
        Ok(Decimal { digits: divide_rounding(&(left * ten_to(scale)), &right), scale })
    }

    /// To a whole power, rounded.
    pub fn power(&self, exponent: &Decimal, scale: u32) -> Result<Decimal, Fault> {
        let whole = exponent.at_scale(0);
        assert!(whole.order(exponent).is_eq(), "the interpreter knows whole powers only");
        let times = i32::try_from(&whole.digits).expect("a small power");
        let mut product = Decimal::whole(1);
        for _ in 0..times.unsigned_abs() {
            product = product.multiply(self, product.scale + self.scale);
        }
        match times < 0 {
            true => Decimal::whole(1).divide(&product, scale),
            false => Ok(product.at_scale(scale)),
        }
    }

    pub fn modulo(&self, other: &Decimal) -> Result<Decimal, Fault> {
        let (left, right, scale) = self.aligned(other);
        if is_zero(&right) {
            return Err(fault("22012"));
        }
        Ok(Decimal { digits: left % right, scale })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.digits.sign() == Sign::Minus { "-" } else { "" };
        let scale = self.scale as usize;
        let digits = format!("{:0>width$}", self.digits.magnitude().to_string(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        match scale {
            0 => write!(formatter, "{sign}{whole}"),
            _ => write!(formatter, "{sign}{whole}.{fraction}"),
        }
    }
}

/// 0 to 2^256 - 1: beyond its 78 digits a number is out of range, within them the type's own check refuses it.
pub fn uint(number: BigInt) -> Result<Value, Fault> {
    let in_range = number.sign() != Sign::Minus && number < BigInt::from(2).pow(256);
    match in_range {
        true => Ok(Value::Uint(number)),
        false if *number.magnitude() < *ten_to(78).magnitude() => Err(fault("23514")),
        false => Err(overflow()),
    }
}

pub fn int(number: &BigInt) -> Result<Value, Fault> {
    i64::try_from(number).map(Value::Int).map_err(|_| overflow())
}
