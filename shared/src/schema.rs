//! Shapes for the API's description of types whose JSON is not told by their fields. Describes only; the feature
//! `openapi` brings it in, and only the server asks for it.

use crate::id::OpId;
use std::borrow::Cow;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

impl PartialSchema for OpId {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[0-9a-f-]{36}/[0-9]+$"))
            .description(Some(
                "The name of one operation: the device that made it and its place in that device's own order, \
                 written `device/seq`.",
            ))
            .into()
    }
}

impl ToSchema for OpId {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("OpId")
    }
}
