//! Where the service lives: the national clouds, a row each, and two versions of the API.

/// Makes the enumeration and all that is known of a cloud. A row is
///
/// ```text
/// /// Which cloud it is.
/// "name" => Variant {                  the name in configuration and on command lines
///     graph: "host",                   answers the request
///     login: "host",                   issues access tokens
///     has_calls: bool,                 whether Microsoft documents the call resource for it
/// }
/// ```
macro_rules! clouds {
    (
        $(#[$about:meta])*
        pub enum $clouds:ident {
            $(
                $(#[$which:meta])*
                $name:literal => $cloud:ident { graph: $graph:literal, login: $login:literal, has_calls: $has_calls:literal },
            )*
        }
    ) => {
        $(#[$about])*
        pub enum $clouds {
            $($(#[$which])* $cloud,)*
        }

        impl $clouds {
            /// Every cloud.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$cloud),*];

            /// The host that answers the request.
            pub const fn graph_host(self) -> &'static str {
                match self {
                    $(Self::$cloud => $graph,)*
                }
            }

            /// The host that issues access tokens.
            pub const fn login_host(self) -> &'static str {
                match self {
                    $(Self::$cloud => $login,)*
                }
            }

            /// Whether Microsoft documents the call resource for this cloud.
            pub const fn has_calls(self) -> bool {
                match self {
                    $(Self::$cloud => $has_calls,)*
                }
            }

            /// The short name used in configuration and on command lines.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$cloud => $name,)*
                }
            }

            /// The cloud of a short name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|cloud| cloud.name() == name)
            }
        }
    };
}

clouds! {
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
        "global" => Global {
            graph: "graph.microsoft.com", login: "login.microsoftonline.com", has_calls: true
        },
        /// US Government L4 (GCC High).
        "usgov-l4" => UsGovL4 {
            graph: "graph.microsoft.us", login: "login.microsoftonline.us", has_calls: true
        },
        /// US Government L5 (DOD).
        "usgov-l5" => UsGovL5 {
            graph: "dod-graph.microsoft.us", login: "login.microsoftonline.us", has_calls: true
        },
        /// China, operated by 21Vianet.
        "china" => China {
            graph: "microsoftgraph.chinacloudapi.cn", login: "login.chinacloudapi.cn", has_calls: false
        },
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
