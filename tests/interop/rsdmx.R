# R's rsdmx against a running hub with the sample data, both API versions: structures and data; not part of the test suite.
#
#     apt-get install r-cran-rsdmx
#     hub demo --no-serve && hub serve &
#     Rscript tests/interop/rsdmx.R http://127.0.0.1:8000
#
# rsdmx reads SDMX-ML 2.1 and asks for nothing in its headers: at v2 the address must name the format.

suppressMessages(library(rsdmx))
base <- commandArgs(trailingOnly = TRUE)[1]
ask <- function(...) readSDMX(paste0(base, ...), logger = NULL)
same <- function(what, found, wanted) {
  if (!identical(found, wanted)) stop(what, ": ", format(found), " is not ", format(wanted))
}

doors <- list(
  v1 = list(structure = "/sdmx/v1/", data = "/sdmx/v1/data/TRADE/M.X.10..VALUE_USD?lastNObservations=2", more = "&"),
  v2 = list(structure = "/sdmx/v2/structure/", data = "/sdmx/v2/data/dataflow/NSO/TRADE/+/M.X.10.*.VALUE_USD?lastNObservations=2", more = "&")
)
generic <- "format=genericdata"
specific <- "format=structurespecificdata&formatVersion=2.1"

for (name in names(doors)) {
  door <- doors[[name]]
  flows <- as.data.frame(ask(door$structure, "dataflow/NSO?format=structure&formatVersion=2.1"))
  stopifnot(c("TRADE", "VAT") %in% flows$id)
  dsd <- ask(door$structure, "datastructure/NSO/TRADE?references=descendants&format=structure&formatVersion=2.1")
  stopifnot("CL_PROVINCE" %in% sapply(slot(slot(dsd, "codelists"), "codelists"), function(one) slot(one, "id")) ||
              length(slot(slot(dsd, "codelists"), "codelists")) > 3)
  codes <- as.data.frame(slot(dsd, "codelists"), codelistId = slot(slot(slot(dsd, "codelists"), "codelists")[[1]], "id"))
  stopifnot(nrow(codes) > 0)
  one <- as.data.frame(ask(door$data, door$more, generic))
  two <- as.data.frame(ask(door$data, door$more, specific))
  stopifnot(nrow(one) > 0, "obsValue" %in% names(one), "OBS_VALUE" %in% names(two))
  same(paste(name, "observations"), nrow(one), nrow(two))
  same(paste(name, "sums"), round(sum(as.numeric(one$obsValue))), round(sum(as.numeric(two$OBS_VALUE))))
  cat(name, ":", nrow(flows), "dataflows,", length(slot(slot(dsd, "codelists"), "codelists")), "code lists,", nrow(one), "observations\n")
}

# By a provider, as its users do: names of codes beside the codes, from a structure that it fetches by itself.
hub <- SDMXServiceProvider(
  agencyId = "NSO", name = "The hub", builder = SDMXREST21RequestBuilder(
    regUrl = paste0(base, "/sdmx/v1"), repoUrl = paste0(base, "/sdmx/v1"), compliant = TRUE
  )
)
addSDMXServiceProvider(hub)
found <- readSDMX(providerId = "NSO", resource = "data", flowRef = "VAT", start = 2024, end = 2030, dsd = TRUE, logger = NULL)
labelled <- as.data.frame(found, labels = TRUE)
stopifnot(nrow(labelled) > 0, any(grepl("_label", names(labelled))))
cat("by a provider:", nrow(labelled), "observations with labels\n")
cat("rsdmx works\n")
