package dev.segue.libraries;

import com.mchange.v2.c3p0.ComboPooledDataSource;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.AgroalConnectionPoolConfiguration.ConnectionValidator;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.apache.tomcat.jdbc.pool.PoolProperties;

/** Pools of one connection, so that a connection which is lost is missed. */
final class Pools {
  private Pools() {}

  static DataSource hikari(Database database) {
    var config = new HikariConfig();
    config.setJdbcUrl(database.url());
    config.setUsername(database.user());
    config.setPassword(Database.PASSWORD);
    config.setMaximumPoolSize(1);
    return new HikariDataSource(config);
  }

  static DataSource dbcp2(Database database) {
    var source = new BasicDataSource();
    source.setUrl(database.url());
    source.setUsername(database.user());
    source.setPassword(Database.PASSWORD);
    source.setMaxTotal(1);
    source.setMaxWait(Duration.ofSeconds(Trial.SECONDS));
    return source;
  }

  static DataSource tomcatJdbc(Database database, boolean validating) {
    var properties = new PoolProperties();
    properties.setUrl(database.url());
    properties.setUsername(database.user());
    properties.setPassword(Database.PASSWORD);
    properties.setMaxActive(1);
    properties.setInitialSize(1);
    properties.setTestOnBorrow(validating);
    properties.setValidationInterval(0);
    return new org.apache.tomcat.jdbc.pool.DataSource(properties);
  }

  static DataSource c3p0(Database database, boolean validating) {
    var source = new ComboPooledDataSource();
    source.setJdbcUrl(database.url());
    source.setUser(database.user());
    source.setPassword(Database.PASSWORD);
    source.setInitialPoolSize(1);
    source.setMinPoolSize(1);
    source.setMaxPoolSize(1);
    source.setTestConnectionOnCheckout(validating);
    return source;
  }

  static DataSource agroal(Database database, boolean validating) throws SQLException {
    var configuration =
        new AgroalDataSourceConfigurationSupplier()
            .connectionPoolConfiguration(pool ->
                pool.maxSize(1)
                    .validateOnBorrow(validating)
                    .connectionValidator(ConnectionValidator.defaultValidator())
                    .connectionFactoryConfiguration(factory ->
                        factory
                            .jdbcUrl(database.url())
                            .principal(new NamePrincipal(database.user()))
                            .credential(new SimplePassword(Database.PASSWORD))));
    return AgroalDataSource.from(configuration);
  }

  /** Closes a pool. */
  static void close(DataSource source) throws Exception {
    switch (source) {
      case AutoCloseable pool -> pool.close();
      case org.apache.tomcat.jdbc.pool.DataSource pool -> pool.close(true);
      default -> throw new IllegalArgumentException("cannot close a " + source.getClass());
    }
  }
}
