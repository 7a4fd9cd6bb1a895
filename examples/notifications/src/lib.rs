//! What Microsoft Graph posts to the callback of an application when a call changes, as records of one's own.

use graph_call::{Call, Id, List, Object, OpenEnum};

graph_call::open_enum! {
    /// What happened to a resource.
    pub enum ChangeType {
        /// It is new.
        "created" => Created,
        /// It is another than before.
        "updated" => Updated,
        /// It is no more.
        "deleted" => Deleted,
    }
}

graph_call::record! {
    /// What happened to one call.
    pub struct CommsNotification = "commsNotification" {
        /// What happened.
        "changeType" => change_type: OpenEnum<ChangeType, C::Word>,
        /// The call that it happened to, as the path of a URI.
        "resourceUrl" => resource_url: Id<C::Uri>,
        /// The same, as the service wrote it first, and still does.
        "resource" => resource: Id<C::Uri>,
        /// The call as it is now: what has changed, and its id.
        "resourceData" => resource_data: Object<Call<C>>,
    }
}

graph_call::record! {
    /// What the service posts at once.
    pub struct CommsNotifications = "commsNotifications" {
        /// What happened, in order.
        "value" => value: List<C::List<CommsNotification<C>>>,
    }
}
