import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.*;
import java.util.*;
import java.util.stream.Collectors;

/**
 * Builds a path as Java does (PKIX), with revocation by the given lists alone. Arguments: leaf, chain, anchors, lists, name,
 * seconds. Ends with 1 where it refuses.
 */
public final class Verify {
    public static void main(String[] args) throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        X509Certificate leaf = (X509Certificate) read(factory, args[0]).iterator().next();
        Set<TrustAnchor> anchors = read(factory, args[2]).stream()
            .map(one -> new TrustAnchor((X509Certificate) one, null)).collect(Collectors.toSet());
        List<Object> known = new ArrayList<>(List.of(leaf));
        known.addAll(read(factory, args[1]));
        known.addAll(factory.generateCRLs(bytes(args[3])));

        X509CertSelector target = new X509CertSelector();
        target.setCertificate(leaf);
        target.addSubjectAlternativeName(2, args[4]);
        target.setExtendedKeyUsage(Set.of("1.3.6.1.5.5.7.3.1"));
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
        parameters.setDate(new Date(Long.parseLong(args[5]) * 1000));
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(known)));
        CertPathBuilder builder = CertPathBuilder.getInstance("PKIX");
        PKIXRevocationChecker checker = (PKIXRevocationChecker) builder.getRevocationChecker();
        checker.setOptions(EnumSet.of(PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
        parameters.addCertPathChecker(checker);
        try {
            builder.build(parameters);
        } catch (CertPathBuilderException refused) {
            Throwable cause = refused.getCause() == null ? refused : refused.getCause();
            System.out.println(cause.getMessage());
            System.out.println(faultOf(factory, parameters, leaf, read(factory, args[1])));
            System.exit(1);
        }
    }

    /** Why the path as it was sent is not valid: the builder only says that it has found none. */
    private static String faultOf(CertificateFactory factory, PKIXParameters parameters, Certificate leaf,
            Collection<? extends Certificate> chain) throws Exception {
        List<Certificate> path = new ArrayList<>(List.of(leaf));
        path.addAll(chain);
        try {
            CertPathValidator.getInstance("PKIX").validate(factory.generateCertPath(path), parameters);
            return "the path as it was sent is valid";
        } catch (CertPathValidatorException invalid) {
            return invalid.getMessage();
        }
    }

    private static Collection<? extends Certificate> read(CertificateFactory factory, String path) throws Exception {
        byte[] content = Files.readAllBytes(Path.of(path));
        return content.length == 0 ? List.of() : factory.generateCertificates(new ByteArrayInputStream(content));
    }

    private static ByteArrayInputStream bytes(String path) throws Exception {
        return new ByteArrayInputStream(Files.readAllBytes(Path.of(path)));
    }
}
