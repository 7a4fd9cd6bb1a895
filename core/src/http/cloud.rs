//! Where the service lives: four national clouds and two versions of the API.

/// A national cloud of Microsoft Graph; access tokens of one are not valid in another.
///
/// ```
/// use graph_call::http::Cloud;
///
/// let cloud = Cloud::from_name("usgov-l4").ok_or("no such cloud")?;
/// assert_eq!(cloud.graph_host(), "graph.microsoft.us");
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Cloud {
    /// The global service, GCC tenants included.
    #[default]
    Global,
    /// US Government L4 (GCC High).
    UsGovL4,
    /// US Government L5 (DOD).
    UsGovL5,
    /// China, operated by 21Vianet.
    China,
}

impl Cloud {
    /// Every cloud.
    pub const ALL: [Self; 4] = [Self::Global, Self::UsGovL4, Self::UsGovL5, Self::China];

    /// The host that answers the request.
    pub const fn graph_host(self) -> &'static str {
        match self {
            Self::Global => "graph.microsoft.com",
            Self::UsGovL4 => "graph.microsoft.us",
            Self::UsGovL5 => "dod-graph.microsoft.us",
            Self::China => "microsoftgraph.chinacloudapi.cn",
        }
    }

    /// The host that issues access tokens.
    pub const fn login_host(self) -> &'static str {
        match self {
            Self::Global => "login.microsoftonline.com",
            Self::UsGovL4 | Self::UsGovL5 => "login.microsoftonline.us",
            Self::China => "login.chinacloudapi.cn",
        }
    }

    /// Whether Microsoft documents the call resource for this cloud.
    pub const fn has_calls(self) -> bool {
        !matches!(self, Self::China)
    }

    /// The short name used in configuration and on command lines.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::UsGovL4 => "usgov-l4",
            Self::UsGovL5 => "usgov-l5",
            Self::China => "china",
        }
    }

    /// The cloud of a short name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cloud| cloud.name() == name)
    }
}

/// A version of the API: the first segment of the path.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ApiVersion {
    /// `/v1.0`
    #[default]
    V1,
    /// `/beta`
    Beta,
}

impl ApiVersion {
    /// The segment as it stands in the path.
    pub const fn segment(self) -> &'static str {
        match self {
            Self::V1 => "v1.0",
            Self::Beta => "beta",
        }
    }
}
