//! Pressing what is drawn, without a browser: follows what a renderer would be told, so that an element can be found by
//! its test id.

use std::collections::BTreeMap;
use std::rc::Rc;

use dioxus::core::{
    AttributeValue, ElementId, Event, Template, TemplateAttribute, TemplateNode, WriteMutations,
};
use dioxus::prelude::VirtualDom;
use dioxus_html::{PlatformEventData, SerializedHtmlEventConverter, SerializedMouseData};

/// The elements that are on the screen, by their test ids.
#[derive(Debug, Default)]
pub(super) struct Presser {
    /// What a renderer would have on its stack: the template's node, of those that come from templates.
    stack: Vec<Option<&'static TemplateNode>>,
    found: BTreeMap<usize, String>,
}

const TEST_ID: &str = "data-testid";

impl Presser {
    /// Presses the first element with this test id. Panics where there is none: a scene that does not exist.
    pub(super) fn press(&self, screens: &VirtualDom, testid: &str) {
        dioxus_html::set_event_converter(Box::new(SerializedHtmlEventConverter));
        let element = self.found.iter().find(|(_, id)| *id == testid);
        let Some((element, _)) = element else { panic!("nothing on the screen is called {testid}") };
        let data = PlatformEventData::new(Box::<SerializedMouseData>::default());
        screens.runtime().handle_event("click", Event::new(Rc::new(data), true), ElementId(*element));
    }

    fn pop(&mut self, count: usize) {
        self.stack.truncate(self.stack.len().saturating_sub(count));
    }

    fn meet(&mut self, node: Option<&'static TemplateNode>, id: ElementId) {
        self.found.remove(&id.0);
        if let Some(TemplateNode::Element { attrs, .. }) = node {
            for attribute in *attrs {
                if let TemplateAttribute::Static { name: TEST_ID, value, .. } = attribute {
                    self.found.insert(id.0, (*value).to_owned());
                }
            }
        }
    }
}

fn child(node: &'static TemplateNode, path: &[u8]) -> Option<&'static TemplateNode> {
    match (path.split_first(), node) {
        (None, _) => Some(node),
        (Some((at, rest)), TemplateNode::Element { children, .. }) => {
            child(children.get(usize::from(*at))?, rest)
        }
        _ => None,
    }
}

impl WriteMutations for Presser {
    fn append_children(&mut self, _id: ElementId, m: usize) {
        self.pop(m);
    }
    fn assign_node_id(&mut self, path: &'static [u8], id: ElementId) {
        let top = self.stack.last().copied().flatten();
        self.meet(top.and_then(|node| child(node, path)), id);
    }
    fn create_placeholder(&mut self, id: ElementId) {
        self.meet(None, id);
        self.stack.push(None);
    }
    fn create_text_node(&mut self, _value: &str, id: ElementId) {
        self.meet(None, id);
        self.stack.push(None);
    }
    fn load_template(&mut self, template: Template, index: usize, id: ElementId) {
        let node = template.roots.get(index);
        self.meet(node, id);
        self.stack.push(node);
    }
    fn replace_node_with(&mut self, id: ElementId, m: usize) {
        self.found.remove(&id.0);
        self.pop(m);
    }
    fn replace_placeholder_with_nodes(&mut self, _path: &'static [u8], m: usize) {
        self.pop(m);
    }
    fn insert_nodes_after(&mut self, _id: ElementId, m: usize) {
        self.pop(m);
    }
    fn insert_nodes_before(&mut self, _id: ElementId, m: usize) {
        self.pop(m);
    }
    fn set_attribute(
        &mut self,
        name: &'static str,
        _ns: Option<&'static str>,
        value: &AttributeValue,
        id: ElementId,
    ) {
        if let (TEST_ID, AttributeValue::Text(value)) = (name, value) {
            self.found.insert(id.0, value.clone());
        }
    }
    fn set_node_text(&mut self, _value: &str, _id: ElementId) {}
    fn create_event_listener(&mut self, _name: &'static str, _id: ElementId) {}
    fn remove_event_listener(&mut self, _name: &'static str, _id: ElementId) {}
    fn remove_node(&mut self, id: ElementId) {
        self.found.remove(&id.0);
    }
    fn push_root(&mut self, _id: ElementId) {
        self.stack.push(None);
    }
}
