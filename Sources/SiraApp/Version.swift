/// The version of Sira that this is.
package let siraVersion = "0.1.0-dev"
